using Mainstay.Edge.Degrading;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Routing;
using Mainstay.Edge.Tests.Exchanges;
using Mainstay.Edge.Tests.Fakes;
using Mainstay.Edge.Tests.Listening;
using Mainstay.Manifest.Model;

namespace Mainstay.Edge.Tests.Degrading;

public sealed class DegradeTests
{
    private static readonly Fallback Sorry = new(203, "sorry"u8.ToArray(), "text/plain");

    [Theory]
    [InlineData(500, 203)]
    [InlineData(502, 203)]
    [InlineData(503, 203)]
    [InlineData(504, 203)]
    [InlineData(413, 413)]
    [InlineData(400, 400)]
    public async Task Only_errors_that_are_not_the_client_s_own_are_replaced(int status, int answered)
    {
        using var exchange = Exchange();
        await Degrade.AnswerAsync(exchange, status, "No.", TimeSpan.FromSeconds(1.5));
        Assert.Equal(answered, exchange.Answer.Status);
        Assert.Equal("2", exchange.Answer.Headers.Text(HeaderId.RetryAfter));
        var at = exchange.Answer.Headers.IndexOf("Mainstay-Degraded"u8);
        Assert.Equal(answered == 203 ? "fallback" : null, at < 0 ? null : exchange.Answer.Headers.ValueText(at));
    }

    [Fact]
    public async Task A_HEAD_gets_the_length_and_no_body()
    {
        using var exchange = Exchange("HEAD");
        await Degrade.AnswerAsync(exchange, 503, "No.");
        Assert.Equal("5", exchange.Answer.Headers.Text(HeaderId.ContentLength));
        Assert.Equal("", await exchange.ReadAnswerAsync());
    }

    [Theory]
    [InlineData(503, "0")]
    [InlineData(204, null)]
    public async Task Without_a_file_it_is_the_status_alone(int status, string? length)
    {
        using var exchange = Exchange(fallback: new Fallback(status, null, null));
        await Degrade.AnswerAsync(exchange, 503, "No.");
        Assert.Equal((status, length), (exchange.Answer.Status, exchange.Answer.Headers.Text(HeaderId.ContentLength)));
        Assert.Equal("", await exchange.ReadAnswerAsync());
    }

    [Fact]
    public async Task What_has_begun_is_cut_off()
    {
        using var exchange = Exchange();
        exchange.Answer.Status = 200;
        await exchange.StartAnswerAsync(default);
        await Degrade.AnswerAsync(exchange, 502, "No.");
        Assert.True(exchange.Aborted);
    }

    [Fact]
    public async Task A_step_that_fails_unexpectedly_is_replaced_as_well()
    {
        var route = Specs.Route() with { Fallback = new FallbackSpec(203, null, null) };
        await using var edge = await RunningEdge.StartAsync(_ => throw new InvalidOperationException("a bug"), Specs.Manifest(routes: [route]));
        using var client = await edge.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var head = await client.ReadUntilAsync("\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 203 ", head, StringComparison.Ordinal);
        Assert.Contains("Mainstay-Degraded: fallback\r\n", head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(503, "7", "7")]
    [InlineData(503, "100000", "100000")]
    [InlineData(502, "Sat, 01 Jan 2000 00:01:00 GMT", "60")]
    [InlineData(503, "soon", "1")]
    [InlineData(504, null, null)]
    public async Task An_upstream_s_refusal_that_is_replaced_still_says_when_to_come_back(int status, string? said, string? kept)
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, new ReplicaInMemory((attempt, _) =>
        {
            if (said is not null)
                attempt.Answer.Headers.Add(HeaderId.RetryAfter, said);
            return ReplicaInMemory.Answer(attempt, status, "no");
        }));
        var exchange = bench.Request();
        exchange.Facts.Route = exchange.Facts.Route! with { Fallback = Sorry };
        await bench.SendAsync(exchange);
        Assert.Equal((203, kept), (exchange.Answer.Status, exchange.Answer.Headers.Text(HeaderId.RetryAfter)));
    }

    private static MemoryExchange Exchange(string method = "GET", Fallback? fallback = null)
    {
        var exchange = new MemoryExchange(method);
        exchange.Facts.Route = new Route(Specs.Route(), null) { Fallback = fallback ?? Sorry };
        return exchange;
    }
}
