using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Mainstay.Edge.Exchanges;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Mainstay.Edge.Listening;

/// <summary>
/// The request's body as the steps read it: Kestrel's reader, with the route's limit, the trailers put where they belong, and
/// Kestrel's own exceptions turned into ours. Reused from request to request.
/// </summary>
internal sealed class ClientBody(KestrelExchange exchange, IFeatureCollection features) : PipeReader
{
    private PipeReader _inner = null!;
    private System.Buffers.ReadOnlySequence<byte> _last;
    private long _consumed;
    private bool _ended;

    public long Limit { get; set; }

    /// <summary>For the next request on the same connection.</summary>
    public void Begin(PipeReader inner)
    {
        _inner = inner;
        _last = default;
        _consumed = 0;
        _ended = false;
        Limit = long.MaxValue;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            var reading = _inner.ReadAsync(cancellationToken);
            return reading.IsCompletedSuccessfully ? new(Check(reading.GetAwaiter().GetResult())) : FinishAsync(reading);
        }
        catch (BadHttpRequestException error)
        {
            throw Translate(error);
        }
    }

    public override bool TryRead(out ReadResult result)
    {
        try
        {
            if (!_inner.TryRead(out result))
                return false;
            result = Check(result);
            return true;
        }
        catch (BadHttpRequestException error)
        {
            throw Translate(error);
        }
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        _consumed += _last.Slice(_last.Start, consumed).Length;
        _last = default;
        _inner.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead()
    {
        try
        {
            _inner.CancelPendingRead();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Of a stream that was reset: its reads end by themselves. Callers are timers and cancellations, which nobody catches.
        }
    }

    public override void Complete(Exception? exception = null) => _inner.Complete(exception);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> FinishAsync(ValueTask<ReadResult> reading)
    {
        try
        {
            return Check(await reading);
        }
        catch (BadHttpRequestException error)
        {
            throw Translate(error);
        }
        catch (ConnectionResetException)
        {
            exchange.Abort();
            throw;
        }
    }

    private ReadResult Check(in ReadResult result)
    {
        _last = result.Buffer;
        if (_consumed + result.Buffer.Length > Limit)
        {
            _inner.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            _last = default;
            throw new BodyTooLargeException(Limit);
        }
        if (result.IsCompleted && !_ended)
        {
            _ended = true;
            TakeTrailers();
        }
        return result;
    }

    private void TakeTrailers()
    {
        if (features.Get<IHttpRequestTrailersFeature>() is not { Available: true, Trailers.Count: > 0 } trailers)
            return;
        var block = new HeaderBlock();
        foreach (var (name, values) in trailers.Trailers)
        {
            foreach (var value in values)
                block.Add(name, value);
        }
        exchange.Request.Trailers = block;
    }

    private IOException Translate(BadHttpRequestException error)
    {
        // A body of declared length can only have ended too early: that is known here before it is known elsewhere, and nobody is there to be answered.
        if (exchange.Request is { Version: < 20, ContentLength: not null })
            exchange.Abort();
        return new($"The client's body is malformed or was not sent in time ({error.StatusCode}).", error);
    }
}
