using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mainstay.Prove.Experiments.Blocking;

/// <summary>
/// Asks one replica the same small question again and again, past the edge: while it answers, it is not blocked. Any answer counts, whatever its
/// status. It sees what a client sees, in whatever language the application is written.
/// </summary>
/// <param name="replica">Its name.</param>
/// <param name="address">Where it listens.</param>
/// <param name="question">The first line of the request, without the version: <c>GET /healthz</c>.</param>
/// <param name="limit">A beat that takes so much longer than usual is a block.</param>
/// <param name="clock">Microseconds of the history.</param>
/// <param name="time">The clock.</param>
internal sealed class Heartbeat(string replica, IPEndPoint address, string question, TimeSpan limit, Func<long> clock, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly byte[] _question = Encoding.ASCII.GetBytes($"{question} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    private readonly Lock _lock = new();
    private readonly List<(long From, long To)> _beats = [];
    private long? _asked;

    public string Replica => replica;

    public long Now => clock();

    /// <param name="overdue">Called once in a beat that is overdue, while it still is; and again, with false, when it has come.</param>
    /// <param name="cancel">The end.</param>
    public async Task RunAsync(Action<bool> overdue, CancellationToken cancel)
    {
        var buffer = new byte[512];
        while (!cancel.IsCancellationRequested)
        {
            var from = clock();
            lock (_lock)
                _asked = from;
            try
            {
                using var patience = new CancellationTokenSource(Patience, time);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
                var asking = AskAsync(buffer, both.Token);
                var isOverdue = await IsOverdueAsync(asking, cancel);
                if (isOverdue)
                {
                    overdue(true);
                    await asking;
                    overdue(false);
                }
                // One that was ended for its silence has answered nothing, and stood still all the same.
                Add(await asking || isOverdue ? (from, clock()) : null);
                await Task.Delay(Pause, time, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                break;
            }
            catch (OperationCanceledException)
            {
                overdue(false);
                Add((from, clock()));
            }
        }
    }

    /// <summary>Beats from one moment to another, one that is overdue at its end included.</summary>
    public int Beats(long from, long to) => Within(from, to).Count;

    /// <summary>Those that took longer than usual by more than the limit, without what is usual.</summary>
    public List<(long From, long To)> Blocks(long from, long to) => Blocks(Within(from, to), limit);

    internal static List<(long From, long To)> Blocks(IReadOnlyCollection<(long From, long To)> beats, TimeSpan limit)
    {
        if (beats.Count == 0)
            return [];
        var usual = beats.Select(beat => beat.To - beat.From).Order().ElementAt(beats.Count / 4);
        return [.. beats.Where(beat => beat.To - beat.From - usual > limit.TotalMicroseconds).Select(beat => (beat.From + usual, beat.To))];
    }

    /// <summary>False: nobody is there, who could be blocked.</summary>
    private async Task<bool> AskAsync(byte[] buffer, CancellationToken cancel)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancel);
            await socket.SendAsync(_question, cancel);
            return await socket.ReceiveAsync(buffer, cancel) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task<bool> IsOverdueAsync(Task asking, CancellationToken cancel)
    {
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var first = await Task.WhenAny(asking, Task.Delay(limit * 2, time, answered.Token));
        await answered.CancelAsync();
        cancel.ThrowIfCancellationRequested();
        return first != asking && !asking.IsCompleted;
    }

    private List<(long From, long To)> Within(long from, long to)
    {
        lock (_lock)
        {
            var beats = _beats.Where(beat => beat.From >= from && beat.To <= to).ToList();
            if (_asked is { } asked && asked >= from && to - asked > limit.TotalMicroseconds)
                beats.Add((asked, to));
            return beats;
        }
    }

    private void Add((long From, long To)? beat)
    {
        lock (_lock)
        {
            _asked = null;
            if (beat is { } seen)
                _beats.Add(seen);
        }
    }
}
