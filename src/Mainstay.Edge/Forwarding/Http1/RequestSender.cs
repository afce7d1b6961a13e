using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Mainstay.Edge.Forwarding.Http1;

/// <summary>
/// Hands one request at a time to the wire: head and the body that is already there in one piece, the rest of the body while the
/// answer may already be coming. Knows exactly whether a byte was taken. Nothing is ever sent twice.
/// </summary>
internal sealed class RequestSender(Wire wire, string authority, Http1Options options, TimeProvider time)
{
    /// <summary>How long the end of a body may take once its answer is over.</summary>
    private static readonly TimeSpan LastPiece = TimeSpan.FromMilliseconds(250);

    private readonly SendBuffer _out = new();
    private Attempt _attempt = null!;
    private long? _left;
    private bool _hasBody;
    private volatile bool _framed;
    private volatile bool _isDone;
    private volatile bool _broke;
    private volatile string? _clientFault;
    private Task _running = Task.CompletedTask;
    private CancellationTokenSource? _stop;
    private TaskCompletionSource<bool>? _continue;

    /// <summary>The whole request has been handed over.</summary>
    public bool IsDone => _isDone;

    /// <summary>The last piece is on its way out.</summary>
    public bool IsEnding => _framed && !_broke && _clientFault is null;

    /// <summary>The upstream takes no more; its answer may be there all the same.</summary>
    public bool Broke => _broke;

    /// <summary>What is wrong with what the client sends, or null.</summary>
    public string? ClientFault => _clientFault;

    /// <summary>Sends what goes without waiting, and starts a task for the rest. False if the request cannot be sent at all.</summary>
    public bool Start(Attempt attempt)
    {
        _attempt = attempt;
        _isDone = _broke = false;
        _clientFault = null;
        _out.Clear();
        _left = attempt.Request.ContentLength;
        _hasBody = attempt.Body is not null && _left != 0;
        _framed = !_hasBody;
        if (attempt.Body is null && _left > 0)
            _clientFault = "body missing";
        _clientFault ??= RequestHeadWriter.Write(attempt.Request, _hasBody, authority, _out);
        if (_clientFault is not null)
            return false;
        var waits = _hasBody && attempt.Request.ExpectsContinue;
        if (_hasBody && !waits && !TryGather())
            return false;
        if (TryFlush() && _framed)
            _isDone = true;
        else if (!_broke)
            _running = RunAsync(waits);
        return true;
    }

    /// <summary>The upstream wants the body (100, or an early success), or does not.</summary>
    public void Continue(bool wanted) => _continue?.TrySetResult(wanted);

    /// <summary>Ends the sending; afterwards nobody reads the client's body. The wire must be closed first if the request is not done.</summary>
    public ValueTask StopAsync()
    {
        if (_running.IsCompleted)
            return ValueTask.CompletedTask;
        _stop?.Cancel();
        _continue?.TrySetResult(false);
        return new ValueTask(_running);
    }

    /// <summary>Waits a moment for the last piece to be gone; false if the upstream does not take it.</summary>
    public async ValueTask<bool> EndsAsync()
    {
        try
        {
            await _running.WaitAsync(LastPiece, time);
        }
        catch (TimeoutException)
        {
            return false;
        }
        return _isDone;
    }

    public void Rest()
    {
        _attempt = null!;
        _continue = null;
        _running = Task.CompletedTask;
        _out.Shrink();
    }

    /// <summary>Never throws: whatever ends it is left in <see cref="Broke"/> or <see cref="ClientFault"/>.</summary>
    private async Task RunAsync(bool waits)
    {
        _stop ??= new CancellationTokenSource();
        if (waits)
            _continue = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await FlushAsync();
            if (waits && !await WantedAsync(_continue!.Task))
                return;
            while (!_framed && await GatherAsync(_stop.Token))
                await FlushAsync();
            _isDone = _framed;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            _broke = true;
        }
    }

    private async Task<bool> WantedAsync(Task<bool> answer)
    {
        try
        {
            return await answer.WaitAsync(options.ContinueTimeout, time);
        }
        catch (TimeoutException)
        {
            return true;
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> GatherAsync(CancellationToken stop)
    {
        try
        {
            return Gather(await _attempt.Body!.ReadAsync(stop));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception error)
        {
            return Refuse(error);
        }
    }

    private bool TryGather()
    {
        try
        {
            return !_attempt.Body!.TryRead(out var piece) || Gather(piece);
        }
        catch (Exception error)
        {
            return Refuse(error);
        }
    }

    /// <summary>The body comes from foreign code (a server, a replay): whatever it throws means that the body has no end.</summary>
    private bool Refuse(Exception error) => Refuse(error is OperationCanceledException ? "body cancelled" : "body broke off: " + error.Message);

    private bool Refuse(string fault)
    {
        _clientFault = fault;
        if (_attempt.Sent)
            wire.Close();
        return false;
    }

    /// <summary>Frames what fits of a piece of the body.</summary>
    private bool Gather(System.IO.Pipelines.ReadResult piece)
    {
        var body = _attempt.Body!;
        var bytes = piece.Buffer;
        var count = (int)Math.Min(bytes.Length, _out.BodyRoom);
        if (_left is { } left && bytes.Length > left)
        {
            body.AdvanceTo(bytes.Start);
            return Refuse("body longer than its Content-Length");
        }
        if (count > 0)
            Frame(bytes.Slice(0, count));
        var all = count == bytes.Length;
        body.AdvanceTo(bytes.GetPosition(count), all ? bytes.End : bytes.GetPosition(count));
        if (_left == 0)
            _framed = true;
        else if (all && piece.IsCompleted)
            return End();
        else if (piece.IsCanceled && count == 0)
            return Refuse("body cancelled");
        return true;
    }

    private void Frame(ReadOnlySequence<byte> bytes)
    {
        var count = (int)bytes.Length;
        if (_left is not null)
        {
            _left -= count;
            bytes.CopyTo(_out.Take(count));
            return;
        }
        _out.WriteHex(count);
        _out.Write("\r\n"u8);
        bytes.CopyTo(_out.Take(count));
        _out.Write("\r\n"u8);
    }

    private bool End()
    {
        if (_left is not null)
            return Refuse("body shorter than its Content-Length");
        _out.Write("0\r\n"u8);
        RequestHeadWriter.WriteTrailers(_attempt.Request.Trailers, _out);
        _framed = true;
        return true;
    }

    /// <summary>False if something is left to send, or nothing can be sent any more.</summary>
    private bool TryFlush()
    {
        while (!_out.IsEmpty)
        {
            var sent = wire.TrySend(_out.Unsent.Span, out var error);
            if (sent > 0)
            {
                _attempt.Sent = true;
                _out.Sent(sent);
            }
            if (error == SocketError.WouldBlock)
                return false;
            if (error != SocketError.Success || sent == 0)
            {
                _broke = true;
                return false;
            }
        }
        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask FlushAsync()
    {
        while (!TryFlush())
        {
            if (_broke)
                throw new SocketException((int)SocketError.ConnectionReset);
            // From here on it is the kernel that sends: what it took before a failure is not known.
            _attempt.Sent = true;
            _out.Sent(await wire.SendAsync(_out.Unsent));
        }
    }
}
