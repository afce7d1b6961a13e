using System.Net;
using System.Net.Sockets;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Tests.Fakes;
using Mainstay.Edge.Tests.Listening;

namespace Mainstay.Edge.Tests;

/// <summary>One core after another on the same socket, under clients that never pause.</summary>
public sealed class TakeoverTests : IDisposable
{
    private const int Takeovers = 4;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly KeptSockets _sockets = new();
    private readonly CancellationTokenSource _enough = new(Deadline);
    private long _asked;
    private volatile bool _over;

    public void Dispose()
    {
        _sockets.Dispose();
        _enough.Dispose();
    }

    [Fact]
    public async Task Keep_alive_clients_lose_no_request_and_see_no_reset()
    {
        var edge = await StartAsync();
        var port = edge.Port;
        Task[] clients = [.. Enumerable.Range(0, 24).Select(i => AskOnAndOnAsync(port, i))];
        for (var i = 0; i < Takeovers; i++)
            edge = await TakeOverAsync(edge, clients);
        _over = true;
        await Task.WhenAll(clients);
        Assert.True(_asked > Takeovers * 300, $"{_asked} requests");
        await edge.DisposeAsync();
    }

    [Fact]
    public async Task Http_2_clients_lose_no_request()
    {
        var edge = await StartAsync();
        var url = edge.Url;
        using var client = RunningEdge.Http2();
        Task[] clients = [.. Enumerable.Range(0, 12).Select(i => AskOnAndOnAsync(client, url, i))];
        for (var i = 0; i < Takeovers; i++)
            edge = await TakeOverAsync(edge, clients);
        _over = true;
        await Task.WhenAll(clients);
        Assert.True(_asked > Takeovers * 300, $"{_asked} requests");
        await edge.DisposeAsync();
    }

    /// <summary>Both accept for a while, then the elder leaves; a few hundred requests between each step.</summary>
    private async Task<RunningEdge> TakeOverAsync(RunningEdge elder, Task[] clients)
    {
        await AskedAsync(150, clients);
        var younger = await StartAsync();
        await AskedAsync(150, clients);
        var left = await elder.Server.LeaveAsync(Deadline, default).WaitAsync(Deadline);
        Assert.Equal(0, left.Cut);
        await elder.DisposeAsync();
        return younger;
    }

    private async Task AskedAsync(int more, Task[] clients)
    {
        var until = Interlocked.Read(ref _asked) + more;
        while (Interlocked.Read(ref _asked) < until)
        {
            foreach (var failed in clients.Where(client => client.IsFaulted))
                await failed;
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, _enough.Token);
        }
    }

    /// <summary>Every other one sends bodies. Now and then a new connection is made although the old one could go on.</summary>
    private async Task AskOnAndOnAsync(int port, int number)
    {
        var chance = new Random(number);
        while (!_over)
        {
            using var client = new RawClient(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
            await client.Socket.ConnectAsync(IPAddress.Loopback, port, _enough.Token);
            for (var left = chance.Next(1, 200); left > 0 && !_over; left--)
            {
                var text = $"{number}-{left}";
                await client.SendAsync(number % 2 == 0
                    ? $"GET /{text} HTTP/1.1\r\nHost: a\r\n\r\n"
                    : $"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: {text.Length + 1}\r\n\r\n/{text}");
                var head = await client.ReadUntilAsync("\r\n\r\n");
                Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
                Assert.Equal($"/{text}", await client.ReadAsync(text.Length + 1));
                Interlocked.Increment(ref _asked);
                if (!head.Contains("Connection: close\r\n", StringComparison.Ordinal))
                    continue;
                Assert.Equal(0, await client.Socket.ReceiveAsync(new byte[1], _enough.Token));
                break;
            }
        }
    }

    private async Task AskOnAndOnAsync(HttpClient client, Uri url, int number)
    {
        for (var i = 0; !_over; i++)
        {
            var text = $"{number}-{i}";
            using var answer = number % 2 == 0
                ? await client.GetAsync(new Uri(url, text), _enough.Token)
                : await client.PostAsync(new Uri(url, "x"), new StringContent($"/{text}"), _enough.Token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal($"/{text}", await answer.Content.ReadAsStringAsync());
            Interlocked.Increment(ref _asked);
        }
    }

    private Task<RunningEdge> StartAsync() => RunningEdge.StartAsync(EchoAsync, sockets: _sockets);

    private static async ValueTask EchoAsync(Exchange exchange) =>
        await RunningEdge.SayAsync(exchange, exchange.Request.HasBody ? await Http1RequestTests.ReadAsync(exchange.RequestBody) : exchange.Request.Target);
}
