using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;

namespace Mainstay.Edge.Forwarding;

/// <summary>
/// The bare connections after a 101, copied both ways until one side ends, nothing moves for the route's idle timeout, or the replica's drain
/// is over. A WebSocket on a drained replica is closed with 1001 (going away) on both sides, between two frames.
/// </summary>
internal sealed class Tunnel : IEndsOnDrain
{
    /// <summary>How long the sides may take to close after the first has.</summary>
    private static readonly TimeSpan ClosingTime = TimeSpan.FromSeconds(2);

    /// <summary>Close, 1001; from a server to a client, so not masked.</summary>
    private static readonly byte[] CloseToClient = [0x88, 0x02, 0x03, 0xE9];

    /// <summary>The same from a client, masked (with zeroes: there is nothing to hide).</summary>
    private static readonly byte[] CloseToUpstream = [0x88, 0x82, 0, 0, 0, 0, 0x03, 0xE9];

    private readonly Passage _passage;
    private readonly IDuplexPipe _client;
    private readonly IDuplexPipe _upstream;
    private readonly WebSocketFrames? _fromClient;
    private readonly WebSocketFrames? _fromUpstream;
    private volatile bool _told;
    private volatile bool _isOver;

    private Tunnel(Passage passage, IDuplexPipe client, IDuplexPipe upstream)
    {
        _passage = passage;
        _client = client;
        _upstream = upstream;
        if (passage.Exchange.Request.Upgrade == "websocket")
            (_fromClient, _fromUpstream) = (new(), new());
    }

    public static async ValueTask RunAsync(Passage passage, Attempt attempt)
    {
        var exchange = passage.Exchange;
        exchange.Answer.Status = attempt.Answer.Status;
        attempt.Answer.Headers.CopyTo(exchange.Answer.Headers);
        passage.Leg.BeginIdle(passage.Route.IdleTimeout);
        var client = await exchange.UpgradeAsync(exchange.ClientGone);
        await new Tunnel(passage, client, attempt.Tunnel!).RunAsync();
    }

    public void TellToEnd()
    {
        if (_told)
            return;
        _told = true;
        _upstream.Input.CancelPendingRead();
        _client.Input.CancelPendingRead();
    }

    private async Task RunAsync()
    {
        if (_fromClient is not null)
            _passage.Leg.EndsOnDrain(this);
        var down = CopyAsync(_upstream.Input, _client.Output, _fromUpstream, CloseToClient);
        var up = CopyAsync(_client.Input, _upstream.Output, _fromClient, CloseToUpstream);
        var first = await Task.WhenAny(down, up);
        var ended = await first;
        var other = first == down ? up : down;
        if (ended == CopyEnd.Broken)
            Break();
        else if (_fromClient is not null || first == down)
            _passage.Leg.EndWithin(ClosingTime);
        if (ended == CopyEnd.Ended && first == down && !_told)
            CallOff(); // a client cannot be told by half a close that its upstream has ended
        var otherEnded = await other;
        if (_fromClient is not null && (_told || OwesClose) && ended != CopyEnd.Broken && otherEnded != CopyEnd.Broken)
            await LingerAsync(_fromClient);
        if (otherEnded == CopyEnd.Broken || ended == CopyEnd.Broken)
            _passage.Exchange.Abort();
        await _client.Output.CompleteAsync();
        await _client.Input.CompleteAsync();
    }

    /// <summary>One way. Ends the receiving side when the sending one has ended.</summary>
    private async Task<CopyEnd> CopyAsync(PipeReader from, PipeWriter to, WebSocketFrames? frames, byte[] close)
    {
        var token = _passage.Leg.Token;
        try
        {
            while (true)
            {
                var read = await from.ReadAsync(token);
                var bytes = read.Buffer;
                if (_isOver)
                {
                    frames?.Follow(bytes, stop: false);
                    from.AdvanceTo(bytes.End);
                    return CopyEnd.Ended;
                }
                var isLast = read.IsCompleted;
                if (frames is not null)
                {
                    var stop = _told;
                    if (!stop || !frames.IsBoundary)
                        bytes = bytes.Slice(0, frames.Follow(bytes, stop));
                    else
                        bytes = bytes.Slice(0, 0);
                    isLast |= stop && frames.IsBoundary;
                }
                foreach (var segment in bytes)
                    to.Write(segment.Span);
                if (isLast && _told && frames is { IsBoundary: true, HasClosed: false })
                    to.Write(close);
                from.AdvanceTo(bytes.End);
                if ((await to.FlushAsync(token)).IsCompleted)
                    return CopyEnd.Ended;
                _passage.Leg.Touch();
                if (!isLast)
                    continue;
                if (!_told)
                    await to.CompleteAsync();
                return CopyEnd.Ended;
            }
        }
        catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or InvalidOperationException)
        {
            return CopyEnd.Broken;
        }
    }

    /// <summary>It has been told to close its side of the WebSocket and has not done so yet.</summary>
    private bool OwesClose => _fromUpstream is { HasClosed: true } && _fromClient is { HasClosed: false };

    /// <summary>After a close frame: reads what the client still sends, at most its own close, so that nothing it was sent is lost to a reset.</summary>
    private async Task LingerAsync(WebSocketFrames frames)
    {
        _passage.Leg.EndWithin(ClosingTime);
        try
        {
            while (true)
            {
                var read = await _client.Input.ReadAsync(_passage.Leg.Token);
                frames.Follow(read.Buffer, stop: false);
                _client.Input.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted || frames is { HasClosed: true, IsBoundary: true })
                    return;
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or InvalidOperationException)
        {
            // It did not close in time, or closed without a word: either way it is over.
        }
    }

    /// <summary>The upstream has ended in good order and the client has it all: the client's connection ends with it, whatever the client would still say.</summary>
    private void CallOff()
    {
        _isOver = true;
        _client.Input.CancelPendingRead();
        try
        {
            _upstream.Output.CancelPendingFlush();
        }
        catch (ObjectDisposedException)
        {
            // The client has just ended, too.
        }
    }

    /// <summary>One side is gone without an orderly end: the other copy is called off.</summary>
    private void Break() => _passage.Leg.EndWithin(TimeSpan.Zero);

    private enum CopyEnd
    {
        Ended,
        Broken,
    }
}
