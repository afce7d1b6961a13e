using System.Text;
using Mainstay.Edge.Degrading;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Routing;
using Mainstay.Edge.Tests.Fakes;
using Mainstay.Edge.Tests.Listening;
using Mainstay.Manifest.Model;
using Microsoft.Extensions.Time.Testing;

namespace Mainstay.Edge.Tests.Exchanges;

/// <summary>What the edge answers by itself does not wait for ever for a client that takes nothing.</summary>
public sealed class OwnAnswerTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_that_takes_nothing_is_cut_off_after_ten_seconds(bool fallback)
    {
        using var exchange = new ForwardedExchange { Clock = _time, TakesNothing = true };
        if (fallback)
            exchange.Facts.Route = new Route(Specs.Route(), null) { Fallback = new Fallback(503, new byte[1000], "text/plain") };
        var answering = Degrade.AnswerAsync(exchange, 503, "No.").AsTask();
        _time.Advance(OwnAnswer.Patience - TimeSpan.FromMilliseconds(1));
        Assert.False(exchange.IsAborted);
        Assert.False(answering.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await answering.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.True(exchange.IsAborted);
    }

    [Fact]
    public async Task A_client_that_reads_slowly_gets_it_all()
    {
        var body = Encoding.ASCII.GetBytes(new string('x', 1 << 20));
        using var exchange = new ForwardedExchange { Clock = _time };
        exchange.Facts.Route = new Route(Specs.Route(), null) { Fallback = new Fallback(503, body, "text/plain") };
        var answering = Degrade.AnswerAsync(exchange, 503, "No.").AsTask();
        var taken = 0L;
        while (taken < body.Length)
        {
            // 48 s in all, but never ten without taking something.
            _time.Advance(TimeSpan.FromSeconds(3));
            var read = await exchange.ClientAnswer.ReadAsync();
            taken += read.Buffer.Length;
            exchange.ClientAnswer.AdvanceTo(read.Buffer.End);
        }
        await answering.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.False(exchange.IsAborted);
        Assert.True(exchange.IsComplete);
    }

    [Fact]
    public async Task On_a_real_connection_it_is_closed_and_counts_no_more()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, new byte[FallbackSpec.MostBytes]);
        var route = Specs.Route() with { Fallback = new FallbackSpec(503, file, "text/plain") };
        await using var edge = await RunningEdge.StartAsync(exchange => Degrade.AnswerAsync(exchange, 503, "No."), Specs.Manifest(routes: [route]), _time);
        using var client = await edge.ConnectAsync();
        // More than all buffers on the way hold.
        for (var i = 0; i < 100; i++)
            await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (edge.Server.Status().Connections > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, deadline.Token);
            _time.Advance(TimeSpan.FromSeconds(1));
        }
        File.Delete(file);
    }
}
