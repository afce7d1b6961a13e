using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Mainstay.Prove.Faults.Requests;

/// <summary>What a slow client is slow at.</summary>
internal enum Slowness
{
    /// <summary>Its request's head never ends.</summary>
    Head,

    /// <summary>Its request's body comes byte by byte.</summary>
    Body,

    /// <summary>Its request's body is large; the first 128 KiB come at once, the rest byte by byte. Whoever waits for small bodies has let it in by then.</summary>
    Upload,

    /// <summary>It does not read its answer.</summary>
    Answer,
}

/// <summary>What became of one slow client.</summary>
/// <param name="Connected">It got as far as a connection.</param>
/// <param name="Closed">The server ended it within the limit.</param>
/// <param name="Elapsed">Until then, or until the limit.</param>
/// <param name="Status">Of an answer that came; 0: none.</param>
internal sealed record SlowClientEvidence(Slowness Slowness, bool Connected, bool Closed, TimeSpan Elapsed, int Status);

/// <summary>Many clients that take their time and hold a connection each.</summary>
/// <param name="Server">On loopback.</param>
/// <param name="Aim">Asked for; for <see cref="Slowness.Answer"/> one with a large answer.</param>
/// <param name="Pace">Between bytes.</param>
/// <param name="Limit">How long each may go on.</param>
internal sealed record SlowClients(IPEndPoint Server, Aim Aim, TimeSpan Pace, TimeSpan Limit, TimeProvider Time)
{
    /// <summary>Enough to show a weakness, too few to be an attack on the machine.</summary>
    public const int Most = 2000;

    private const int SmallWindow = 4096;
    private static readonly byte[] FirstPart = new byte[128 * 1024];

    /// <summary>Runs until every one has been closed, or the limit; all at once.</summary>
    public async Task<IReadOnlyList<SlowClientEvidence>> RunAsync(Slowness slowness, int count, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Most);
        return await Task.WhenAll(Enumerable.Range(0, count).Select(_ => RunOneAsync(slowness, cancel)));
    }

    private async Task<SlowClientEvidence> RunOneAsync(Slowness slowness, CancellationToken cancel)
    {
        using var socket = new Socket(Server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var limit = new CancellationTokenSource(Limit, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        var start = Time.GetTimestamp();
        var status = 0;
        var (connected, closed) = (false, false);
        try
        {
            if (slowness == Slowness.Answer)
                socket.ReceiveBufferSize = SmallWindow;
            await socket.ConnectAsync(Server, either.Token);
            connected = true;
            var rest = slowness switch
            {
                Slowness.Head => "X: ",
                Slowness.Body or Slowness.Upload => "Content-Length: 1000000\r\n\r\n",
                _ => "\r\n",
            };
            await socket.SendAsync(Encoding.ASCII.GetBytes($"{Aim.Method} {Aim.Path} HTTP/1.1\r\nHost: {Aim.Host}\r\n{rest}"), either.Token);
            if (slowness == Slowness.Answer)
                await ReadSlowlyAsync(socket, either.Token);
            else
                status = await SendSlowlyAsync(socket, slowness == Slowness.Upload ? FirstPart : [], either.Token);
            closed = true;
        }
        catch (SocketException)
        {
            closed = connected;
        }
        catch (OperationCanceledException)
        {
            // Still open.
        }
        return new(slowness, connected, closed, Time.GetElapsedTime(start), status);
    }

    /// <summary>What comes first, then a byte at each step, until the server answers and closes.</summary>
    private async Task<int> SendSlowlyAsync(Socket socket, byte[] first, CancellationToken cancel)
    {
        var answer = ReadToEndAsync(socket, cancel);
        try
        {
            await socket.SendAsync(first, cancel);
            while (await Task.WhenAny(answer, Task.Delay(Pace, Time, cancel)) != answer)
            {
                cancel.ThrowIfCancellationRequested();
                await socket.SendAsync("x"u8.ToArray(), cancel);
            }
        }
        catch (SocketException)
        {
            // Closed or reset; an answer may have come before.
        }
        return await answer;
    }

    private static async Task<int> ReadToEndAsync(Socket socket, CancellationToken cancel)
    {
        var buffer = new byte[4096];
        var status = 0;
        try
        {
            int count;
            while ((count = await socket.ReceiveAsync(buffer, cancel)) > 0)
            {
                if (status == 0 && count >= 12 && int.TryParse(Encoding.ASCII.GetString(buffer, 9, 3), out var told))
                    status = told;
            }
        }
        catch (SocketException)
        {
            // Reset: closed as well.
        }
        return status;
    }

    private async Task ReadSlowlyAsync(Socket socket, CancellationToken cancel)
    {
        var one = new byte[1];
        while (await socket.ReceiveAsync(one, cancel) > 0)
            await Task.Delay(Pace, Time, cancel);
    }
}
