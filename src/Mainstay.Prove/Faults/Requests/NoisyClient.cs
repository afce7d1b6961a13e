using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace Mainstay.Prove.Faults.Requests;

/// <summary>What one noisy client did and got.</summary>
/// <param name="Sent">Requests.</param>
/// <param name="ByStatus">Answers by status.</param>
/// <param name="Failed">Requests without an answer.</param>
internal sealed record NoisyEvidence(long Sent, ImmutableSortedDictionary<int, long> ByStatus, long Failed)
{
    /// <summary>429: told to slow down.</summary>
    public long Limited => ByStatus.GetValueOrDefault(429);
}

/// <summary>One client that asks far more than the others, from an address of its own.</summary>
/// <param name="Server">On loopback.</param>
/// <param name="From">Its address; Linux takes any of 127.0.0.0/8.</param>
/// <param name="Path">Asked for by GET.</param>
/// <param name="PerSecond">Requests, spread evenly over the connections. One that is late is not made up for.</param>
/// <param name="Connections">From 1 to 256.</param>
internal sealed record NoisyClient(IPEndPoint Server, IPAddress From, string Path, double PerSecond, int Connections, TimeProvider Time)
{
    public static IPAddress DefaultFrom { get; } = IPAddress.Parse("127.0.0.9");

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task<NoisyEvidence> RunAsync(TimeSpan length, CancellationToken cancel)
    {
        var counts = new SortedDictionary<int, long>();
        var (sent, failed) = (0L, 0L);
        using var limit = new CancellationTokenSource(length, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            await foreach (var status in AskAsync(either.Token))
            {
                lock (counts)
                {
                    sent++;
                    if (status == 0)
                        failed++;
                    else
                        counts[status] = counts.GetValueOrDefault(status) + 1;
                }
            }
        }));
        return new(sent, counts.ToImmutableSortedDictionary(), failed);
    }

    /// <summary>The status of each request; 0: no answer.</summary>
    private async IAsyncEnumerable<int> AskAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(Math.Max(0.001, Connections / PerSecond)), Time);
        Socket? socket = null;
        try
        {
            while (true)
            {
                var answer = default(BriefAnswer);
                try
                {
                    socket ??= await ConnectAsync(cancel);
                    answer = await AskAsync(socket, cancel);
                }
                catch (Exception lost) when (lost is SocketException or OperationCanceledException)
                {
                    if (cancel.IsCancellationRequested)
                        yield break;
                }
                if (!answer.IsReusable)
                {
                    socket?.Dispose();
                    socket = null;
                }
                yield return answer.Status;
                if (!await NextAsync(timer, cancel))
                    yield break;
            }
        }
        finally
        {
            socket?.Dispose();
        }
    }

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken cancel)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<Socket> ConnectAsync(CancellationToken cancel)
    {
        var socket = new Socket(Server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.Bind(new IPEndPoint(From, 0));
            await socket.ConnectAsync(Server, cancel);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<BriefAnswer> AskAsync(Socket socket, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Patience, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {Path} HTTP/1.1\r\nHost: {Server}\r\n\r\n"), either.Token);
        return await BriefAnswer.ReadAsync(socket, either.Token);
    }
}
