using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding.Http1;

namespace Mainstay.Edge.Listening;

/// <summary>
/// Chunked coding with trailers for an HTTP/1.1 client. Kestrel chunks by itself but cannot end a chunked answer with trailers, so
/// answers that announce some are chunked here.
/// </summary>
internal sealed class TrailerChunks(PipeWriter inner) : PipeWriter
{
    private readonly ArrayBufferWriter<byte> _pending = new(4096);

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _pending.WrittenCount;

    /// <summary>Only for answers with a body whose trailers the client can expect.</summary>
    public static bool Needed(RequestHead request, AnswerHead answer) =>
        answer.Headers.Has(HeaderId.Trailer)
        && !answer.Headers.Has(HeaderId.ContentLength)
        && request.Method != "HEAD"
        && answer.Status is >= 200 and not (204 or 304);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _pending.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _pending.GetSpan(sizeHint);

    public override void Advance(int bytes) => _pending.Advance(bytes);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        WriteChunk();
        return inner.FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    /// <summary>The exchange ends the answer, not the writer.</summary>
    public override void Complete(Exception? exception = null) => WriteChunk();

    public async ValueTask EndAsync(HeaderBlock? trailers)
    {
        WriteChunk();
        inner.Put("0\r\n"u8);
        for (var i = 0; trailers is not null && i < trailers.Count; i++)
        {
            // These bytes go out unseen by the server in front: a line must not end early here either.
            if (IsForbidden(trailers.IdAt(i)) || !Grammar.IsToken(trailers.NameAt(i)) || !Grammar.IsValue(trailers.ValueAt(i)))
                continue;
            inner.Put(trailers.NameAt(i));
            inner.Put(": "u8);
            inner.Put(trailers.ValueAt(i));
            inner.Put("\r\n"u8);
        }
        inner.Put("\r\n"u8);
        await inner.FlushAsync();
    }

    /// <summary>Fields that frame or route a message must not come after it (RFC 9110, section 6.5.1).</summary>
    private static bool IsForbidden(HeaderId id) => id is HeaderId.ContentLength or HeaderId.TransferEncoding or HeaderId.Host
        or HeaderId.Connection or HeaderId.Trailer or HeaderId.ContentEncoding or HeaderId.ContentType or HeaderId.SetCookie;

    private void WriteChunk()
    {
        if (_pending.WrittenCount == 0)
            return;
        inner.Put(Encoding.ASCII.GetBytes(_pending.WrittenCount.ToString("x", CultureInfo.InvariantCulture)));
        inner.Put("\r\n"u8);
        inner.Put(_pending.WrittenSpan);
        inner.Put("\r\n"u8);
        _pending.ResetWrittenCount();
    }
}
