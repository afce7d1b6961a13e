using Mainstay.Edge.Balancing;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding.Http1;
using Mainstay.Edge.Tests.Fakes;
using Mainstay.Edge.Tests.Forwarding.Http1;

namespace Mainstay.Edge.Tests.Forwarding.Hedging;

/// <summary>On real connections: what is overtaken is closed, and never used again.</summary>
public sealed class HedgedConnectionTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task The_loser_s_connection_is_closed_and_the_winner_s_kept()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var slow = 1;
        async Task Serve(ScriptedConnection connection)
        {
            while (true)
            {
                await connection.ReadHeadAsync();
                if (Interlocked.Exchange(ref slow, 0) == 1)
                {
                    await connection.ReadToEndAsync();
                    closed.SetResult();
                    return;
                }
                await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nquick");
            }
        }
        await using var one = new ScriptedUpstream(Serve);
        await using var two = new ScriptedUpstream(Serve);
        await using var bench = new ForwardingBench(TimeProvider.System);
        Http1Client[] clients = [bench.Admit(1, Exchanging.Client(one.EndPoint)), bench.Admit(2, Exchanging.Client(two.EndPoint))];
        var hedge = bench.HedgeAfter(0.02);

        var exchange = bench.Request();
        await bench.SendAsync(exchange).WaitAsync(Soon);
        await closed.Task.WaitAsync(Soon);

        Assert.Equal("quick", await exchange.TextAsync());
        Assert.Equal((1, 1), (hedge.Status(bench.Clock.Seconds()).Made, hedge.Status(bench.Clock.Seconds()).Won));
        Assert.Equal([0, 1], clients.Select(client => client.OpenCount).Order());
        var winner = clients[0].OpenCount == 1 ? 1 : 2;
        bench.Upstreams.Suspend("web", $"web-{winner}");
        for (var i = 0; i < 2; i++)
        {
            var next = bench.Request();
            await bench.SendAsync(next).WaitAsync(Soon);
            Assert.Equal("quick", await next.TextAsync());
        }
        Assert.Equal((1, 2), winner == 1 ? (one.Connections, two.Connections) : (two.Connections, one.Connections));
    }

    [Fact]
    public async Task A_body_reaches_both_upstreams_whole()
    {
        var bodies = new List<string>();
        var both = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        async Task Serve(ScriptedConnection connection)
        {
            var head = await connection.ReadHeadAsync();
            var body = await connection.ReadAsync(20_000);
            lock (bodies)
            {
                bodies.Add($"{head.Split(' ')[0]} {body}");
                if (bodies.Count == 2)
                    both.SetResult();
            }
            await both.Task.WaitAsync(Soon);
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone");
            await connection.ReadToEndAsync();
        }
        await using var one = new ScriptedUpstream(Serve);
        await using var two = new ScriptedUpstream(Serve);
        await using var bench = new ForwardingBench(TimeProvider.System);
        bench.Admit(1, Exchanging.Client(one.EndPoint));
        bench.Admit(2, Exchanging.Client(two.EndPoint));
        bench.HedgeAfter(0.02);
        var text = new string('x', 19_999) + "y";

        var exchange = bench.Request("POST", hasBody: true);
        exchange.Request.ContentLength = text.Length;
        exchange.Request.Headers.Add(HeaderId.IdempotencyKey, "k");
        await exchange.ClientBody.WriteAsync(System.Text.Encoding.ASCII.GetBytes(text));
        await exchange.ClientBody.CompleteAsync();
        await bench.SendAsync(exchange).WaitAsync(Soon);

        Assert.Equal((200, "done"), (exchange.Answer.Status, await exchange.TextAsync()));
        Assert.Equal(["POST " + text, "POST " + text], bodies);
    }
}
