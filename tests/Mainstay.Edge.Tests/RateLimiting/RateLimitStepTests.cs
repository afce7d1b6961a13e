using System.Net;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.RateLimiting;
using Mainstay.Edge.Routing;
using Mainstay.Edge.Tests.Exchanges;
using Mainstay.Manifest.Model;
using Microsoft.Extensions.Time.Testing;

namespace Mainstay.Edge.Tests.RateLimiting;

public sealed class RateLimitStepTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RouteLimits _limits = new();

    private static RouteSpec Spec(RateLimitBy by, string? header = null, double rate = 1) =>
        Specs.Route() with { RateLimit = new(rate, 2, by, header) };

    private async Task<MemoryExchange> SendAsync(RouteSpec spec, string client = "192.0.2.1", string? key = null)
    {
        var exchange = new MemoryExchange();
        exchange.Facts.Client = IPAddress.Parse(client);
        exchange.Facts.Route = new Route(spec, null) { Limit = _limits.Find(spec) };
        if (key is not null)
            exchange.Request.Headers.Add("X-Key", key);
        if (await RateLimitStep.LimitAsync(exchange, _time))
        {
            exchange.Answer.Status = 200;
            await exchange.StartAnswerAsync(default);
        }
        return exchange;
    }

    private async Task<int> StatusAsync(RouteSpec spec, string client = "192.0.2.1", string? key = null)
    {
        using var exchange = await SendAsync(spec, client, key);
        return exchange.Answer.Status;
    }

    [Fact]
    public async Task What_is_too_much_is_a_429_that_says_when_to_come_back()
    {
        var spec = Spec(RateLimitBy.Client, rate: 0.1);
        using var first = await SendAsync(spec);
        Assert.Equal((200, "\"route\";r=1;t=10"), (first.Answer.Status, first.Answer.Headers.Text(HeaderId.RateLimit)));
        Assert.Equal("\"route\";q=2;w=20", first.Answer.Headers.Text(HeaderId.RateLimitPolicy));
        Assert.Equal(200, await StatusAsync(spec));
        using var refused = await SendAsync(spec);
        Assert.Equal((429, "10", "\"route\";r=0;t=20"), (refused.Answer.Status,
            refused.Answer.Headers.Text(HeaderId.RetryAfter), refused.Answer.Headers.Text(HeaderId.RateLimit)));
        Assert.Contains("\"status\":429", await refused.ReadAnswerAsync(), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(200, await StatusAsync(spec));
    }

    [Theory]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("2001:db8::1", "2001:db8::ffff:2", true)]
    [InlineData("2001:db8::1", "2001:db8:0:1::1", false)]
    public async Task Addresses_share_a_bucket_or_do_not(string one, string other, bool shared)
    {
        var spec = Spec(RateLimitBy.Client);
        await StatusAsync(spec, one);
        await StatusAsync(spec, one);
        Assert.Equal(shared ? 429 : 200, await StatusAsync(spec, other));
    }

    [Fact]
    public async Task Each_value_of_the_header_has_its_own_and_those_without_share_one()
    {
        var spec = Spec(RateLimitBy.Header, "X-Key");
        foreach (var key in new[] { "a", "b", null })
        {
            Assert.Equal(200, await StatusAsync(spec, "192.0.2.1", key));
            Assert.Equal(200, await StatusAsync(spec, "192.0.2.2", key));
            Assert.Equal(429, await StatusAsync(spec, "192.0.2.3", key));
        }
    }

    [Fact]
    public async Task Everyone_shares_one()
    {
        var spec = Spec(RateLimitBy.Everyone);
        await StatusAsync(spec, "192.0.2.1");
        await StatusAsync(spec, "192.0.2.2");
        Assert.Equal(429, await StatusAsync(spec, "192.0.2.3"));
    }

    [Fact]
    public async Task An_apply_fills_nobody_s_bucket_unless_the_limit_changed()
    {
        var spec = Spec(RateLimitBy.Client);
        await StatusAsync(spec);
        await StatusAsync(spec);
        _limits.Begin();
        Assert.Equal(429, await StatusAsync(Spec(RateLimitBy.Client) with { Retries = 0 }));
        _limits.Begin();
        Assert.Equal(200, await StatusAsync(Spec(RateLimitBy.Client, rate: 5)));
    }

    [Fact]
    public async Task A_route_without_a_limit_says_nothing()
    {
        using var exchange = await SendAsync(Specs.Route());
        Assert.Equal(200, exchange.Answer.Status);
        Assert.False(exchange.Answer.Headers.Has(HeaderId.RateLimit));
    }
}
