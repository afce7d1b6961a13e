using System.Buffers;
using System.Net.Sockets;
using Mainstay.Prove.Faults.Kinds;
using Mainstay.Prove.Faults.Proxy.Http;

namespace Mainstay.Prove.Faults.Proxy;

/// <summary>
/// One way of a connection: a reader and a writer with a line between them. Without a fault the reader sends by itself, and the line stays empty.
/// </summary>
internal sealed class Link(Connection connection, Flow flow, RequestGate? gate, Random chance)
{
    private const int SmallestBuffer = 4 * 1024;
    private const int LargestBuffer = 64 * 1024;

    private readonly Line _line = new(chance, gate, connection.World.Tally);
    private readonly Counted _passed = flow == Flow.Upstream ? Counted.BytesUp : Counted.BytesDown;
    private long _reads;
    private volatile bool _stopped;

    private ProxyWorld World => connection.World;

    public bool Apply(FaultSet faults) => _line.Apply(faults, flow, World.Now);

    public void ExpectAnswer(long? resetAfter) => _line.ExpectAnswer(resetAfter);

    /// <summary>An answer that a fault makes.</summary>
    public void Inject(byte[] bytes) => _line.Add(new(bytes, bytes, Returns: false, World.Now, Interlocked.Increment(ref _reads)));

    public void Stop()
    {
        _stopped = true;
        _line.Changed.Set();
        _line.Room.Set();
    }

    /// <summary>Until the end of the stream was passed on, or the connection ends. A socket that fails resets the connection.</summary>
    public Task RunAsync(Socket from, Socket to) => Task.WhenAll(GuardedAsync(ReadAsync(from, to)), GuardedAsync(WriteAsync(to)));

    private async Task GuardedAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (Exception lost) when (lost is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // What befell one side is told to the other.
            connection.Reset();
        }
    }

    private async Task ReadAsync(Socket from, Socket to)
    {
        var size = SmallestBuffer;
        while (!_stopped)
        {
            var buffer = ArrayPool<byte>.Shared.Rent(size);
            var count = await from.ReceiveAsync(buffer, SocketFlags.None);
            if (count == 0)
            {
                AddEnd();
                return;
            }
            // Idle connections hold little, busy ones copy much at once.
            size = count == buffer.Length ? LargestBuffer : count < SmallestBuffer ? SmallestBuffer : size;
            if (_line.TryBeginDirect())
                await SendDirectAsync(to, buffer, count);
            else
                await AddAsync(buffer, count);
        }
    }

    private async Task SendDirectAsync(Socket to, byte[] buffer, int count)
    {
        gate?.Observe(buffer.AsSpan(0, count));
        await SendAsync(to, buffer.AsMemory(0, count));
        ArrayPool<byte>.Shared.Return(buffer);
        _line.EndDirect();
    }

    private async ValueTask AddAsync(byte[] buffer, int count)
    {
        var arrived = World.Now;
        var number = Interlocked.Increment(ref _reads);
        if (gate is not { IsNeeded: true })
        {
            gate?.Observe(buffer.AsSpan(0, count));
            _line.Add(new(buffer.AsMemory(0, count), buffer, Returns: true, arrived, number));
        }
        else
        {
            // Pieces share the buffer, which is left to the garbage collector.
            for (var at = 0; at < count;)
            {
                var cut = gate.Next(buffer.AsSpan(at, count - at));
                if (cut.Instead is { } instead)
                    _line.Add(new(instead, instead, Returns: false, arrived, number, cut.Request));
                else if (!cut.Keep)
                    _line.Add(new(buffer.AsMemory(at, cut.Count), buffer, Returns: false, arrived, number));
                at += cut.Count;
            }
        }
        while (!_line.HasRoom && !_stopped)
            await _line.Room.WaitAsync();
    }

    private void AddEnd()
    {
        if (_line.IsSilent)
        {
            connection.GiveUp();
            return;
        }
        if (gate?.Rest() is { Length: > 0 } rest)
            _line.Add(new(rest, rest, Returns: false, World.Now, Interlocked.Increment(ref _reads)));
        _line.Add(Piece.End(World.Now));
    }

    private async Task WriteAsync(Socket to)
    {
        await using var timer = World.Time.CreateTimer(_ => _line.Changed.Set(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (!_stopped)
        {
            var step = _line.Next(World.Now);
            switch (step.What)
            {
                case Step.Kind.Wait:
                    if (step.Until is { } until)
                        timer.Change(RoundedUp(until - World.Now), Timeout.InfiniteTimeSpan);
                    await _line.Changed.WaitAsync();
                    break;
                case Step.Kind.Send:
                    if (step.Request is not null)
                        connection.Down.ExpectAnswer(step.ResetAfter);
                    await SendAsync(to, step.Bytes);
                    _line.Sent(step.Bytes.Length, World.Now);
                    break;
                case Step.Kind.Answer:
                    connection.Down.ExpectAnswer(null);
                    connection.Down.Inject(RequestGate.Answer(step.Request!, step.Status));
                    break;
                case Step.Kind.End:
                    to.Shutdown(SocketShutdown.Send);
                    return;
                case Step.Kind.Finish:
                    connection.Finish();
                    return;
                default:
                    connection.ResetByFault();
                    return;
            }
        }
    }

    private async ValueTask SendAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        World.Tally.Add(_passed, bytes.Length);
        while (!bytes.IsEmpty)
            bytes = bytes[await to.SendAsync(bytes, SocketFlags.None)..];
    }

    /// <summary>Timers know whole milliseconds; one that fires early would only fire again.</summary>
    private static TimeSpan RoundedUp(TimeSpan delay) =>
        delay <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Min(Math.Ceiling(delay.TotalMilliseconds), int.MaxValue));
}
