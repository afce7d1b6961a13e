using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Mainstay.Edge.Forwarding.Http1;

/// <summary>The body of the answer under way on a connection, straight from its receive buffer. Reused with the connection.</summary>
internal sealed class Http1AnswerBody(Wire wire, RequestSender sender, int maxTrailerBytes) : AnswerBody
{
    private readonly ChunkReader _chunks = new(maxTrailerBytes);
    private Attempt _attempt = null!;
    private BodyFraming _framing;
    private long _left;
    private string? _fault;

    public Http1AnswerBody Begin(Attempt attempt, BodyFraming framing, long? length)
    {
        _attempt = attempt;
        _framing = framing;
        _left = length ?? 0;
        _fault = null;
        Length = length;
        IsComplete = false;
        if (framing == BodyFraming.Chunked)
            _chunks.Reset();
        return this;
    }

    public override ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancel) =>
        TryTake(out var piece) ? new ValueTask<ReadOnlyMemory<byte>>(piece) : ReceiveAsync(cancel);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadOnlyMemory<byte>> ReceiveAsync(CancellationToken cancel)
    {
        ReadOnlyMemory<byte> piece;
        do
        {
            if (_fault is not null)
                throw BrokeOff(_fault);
            int count;
            try
            {
                count = await wire.ReceiveAsync(cancel);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                wire.Close();
                cancel.ThrowIfCancellationRequested();
                throw BrokeOff("connection reset");
            }
            wire.Received(count);
            if (count == 0)
                return End();
        }
        while (!TryTake(out piece));
        return piece;
    }

    /// <summary>The upstream closed. A send that failed has eaten the reset, so that its close looks clean: not to be trusted then.</summary>
    private ReadOnlyMemory<byte> End()
    {
        if (_framing != BodyFraming.UntilClose || sender.Broke || sender.ClientFault is not null)
            throw BrokeOff("connection closed");
        IsComplete = true;
        return default;
    }

    /// <summary>A piece (empty at the end) from what was received; false if more must be received, or the framing is broken.</summary>
    private bool TryTake(out ReadOnlyMemory<byte> piece)
    {
        piece = default;
        if (IsComplete)
            return true;
        if (_fault is not null)
            return false;
        var unread = wire.UnreadMemory;
        if (_framing == BodyFraming.Chunked)
            return TryTakeChunk(unread, out piece);
        if (unread.IsEmpty)
            return false;
        if (_framing == BodyFraming.Length)
        {
            unread = unread[..(int)Math.Min(unread.Length, _left)];
            _left -= unread.Length;
            IsComplete = _left == 0;
        }
        wire.Consume(unread.Length);
        piece = unread;
        return true;
    }

    private bool TryTakeChunk(ReadOnlyMemory<byte> unread, out ReadOnlyMemory<byte> piece)
    {
        piece = default;
        var progress = _chunks.Read(unread.Span, out var consumed, out var length);
        wire.Consume(consumed);
        switch (progress)
        {
            case ChunkProgress.Piece:
                piece = unread.Slice(consumed - length, length);
                return true;
            case ChunkProgress.Done:
                _attempt.Answer.Trailers = _chunks.Trailers;
                IsComplete = true;
                return true;
            case ChunkProgress.Malformed:
                _fault = _chunks.Fault;
                return false;
            default:
                return false;
        }
    }

    /// <summary>Whose fault it is goes into the attempt as well: a client that broke off its own body is not the upstream's failure.</summary>
    private UpstreamBrokeOffException BrokeOff(string detail)
    {
        wire.Close();
        if (sender.ClientFault is { } fault)
        {
            _attempt.Failure = AttemptFailure.ClientBody;
            detail = fault;
        }
        _attempt.Detail = detail;
        return new UpstreamBrokeOffException(detail);
    }
}
