using System.Buffers;
using System.Globalization;
using Mainstay.Edge.Exchanges;

namespace Mainstay.Edge.Forwarding.Http2;

/// <summary>The body of an answer over HTTP/2.</summary>
internal sealed class Http2AnswerBody : AnswerBody
{
    private const int PieceBytes = 16 * 1024;

    private readonly Attempt _attempt;
    private readonly HttpResponseMessage _response;
    private readonly AttemptContent? _content;
    private Stream? _stream;
    private byte[]? _buffer;
    private long _seen;

    public Http2AnswerBody(Attempt attempt, HttpResponseMessage response, AttemptContent? content)
    {
        _attempt = attempt;
        _response = response;
        _content = content;
        if (attempt.Answer.Headers.Text(HeaderId.ContentLength) is { } text
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            Length = length;
    }

    public override async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancel)
    {
        if (IsComplete)
            return default;
        try
        {
            _stream ??= await _response.Content.ReadAsStreamAsync(cancel);
            _buffer ??= ArrayPool<byte>.Shared.Rent(PieceBytes);
            var count = await _stream.ReadAsync(_buffer, cancel);
            if (count == 0)
                return End();
            _seen += count;
            return _buffer.AsMemory(0, count);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or ObjectDisposedException or InvalidOperationException
            && error is not UpstreamBrokeOffException)
        {
            cancel.ThrowIfCancellationRequested();
            throw BrokeOff("stream reset");
        }
    }

    /// <summary>Nobody reads any more.</summary>
    public void Rest()
    {
        if (_buffer is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer);
        _buffer = null;
        _stream = null;
        IsComplete = true;
    }

    private ReadOnlyMemory<byte> End()
    {
        if (Length is { } length && length != _seen)
            throw BrokeOff("body not as long as declared");
        var trailers = new HeaderBlock();
        Http2Fields.Copy(_response.TrailingHeaders.NonValidated, trailers);
        _attempt.Answer.Trailers = trailers.Count > 0 ? trailers : null;
        IsComplete = true;
        return default;
    }

    private UpstreamBrokeOffException BrokeOff(string detail)
    {
        if (_content?.Fault is { } fault)
        {
            _attempt.Failure = AttemptFailure.ClientBody;
            detail = fault;
        }
        _attempt.Detail = detail;
        return new UpstreamBrokeOffException(detail);
    }
}
