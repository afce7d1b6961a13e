using System.Collections.Immutable;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Routing;
using Mainstay.Edge.Tests.Exchanges;
using Mainstay.Manifest.Model;

namespace Mainstay.Edge.Tests.Routing;

public sealed class RoutingStepTests
{
    [Theory]
    [InlineData("CONNECT", "shop.example:443", "shop.example", 501)]
    [InlineData("GET", "*", "shop.example", 400)]
    [InlineData("GET", "shop.example", "shop.example", 400)]
    [InlineData("GET", "/%00", "shop.example", 400)]
    [InlineData("GET", "/get#/../admin", "shop.example", 400)]
    [InlineData("GET", "/get/..%2fadmin", "shop.example", 400)]
    [InlineData("GET", "/get/%2e.%2Fadmin", "shop.example", 400)]
    [InlineData("GET", "/get/..\\admin", "shop.example", 400)]
    [InlineData("GET", "/get/..%5cadmin", "shop.example", 400)]
    [InlineData("GET", "/get\u0001", "shop.example", 400)]
    [InlineData("GET", "/get\t", "shop.example", 400)]
    [InlineData("GET", "/", "", 400)]
    [InlineData("GET", "/", "a\"b", 400)]
    [InlineData("GET", "/", "a/b", 400)]
    [InlineData("GET", "/nowhere", "shop.example", 404)]
    [InlineData("PUT", "/get", "shop.example", 405)]
    public async Task What_leads_nowhere_is_answered_with_a_problem(string method, string target, string host, int status)
    {
        using var exchange = new MemoryExchange(method, target, host: host);
        exchange.Facts.RequestId = "r1";
        Assert.False(await RouteAsync(exchange, Specs.Route("/get") with { Methods = ["GET"] }));
        Assert.Equal(status, exchange.Answer.Status);
        Assert.Equal("application/problem+json", exchange.Answer.Headers.Text(HeaderId.ContentType));
        Assert.Equal("r1", exchange.Answer.Headers.Text(HeaderId.XRequestId));
        Assert.Equal(status == 405 ? "GET" : null, exchange.Answer.Headers.Text(HeaderId.Allow));
        var body = await exchange.ReadAnswerAsync();
        Assert.Contains($"\"status\":{status}", body, StringComparison.Ordinal);
        Assert.Contains("\"request_id\":\"r1\"", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_declared_body_that_is_too_long_is_refused_unread()
    {
        using var exchange = new MemoryExchange("POST", "/", "12345");
        Assert.False(await RouteAsync(exchange, Specs.Route() with { BodyLimit = 4 }));
        Assert.Equal(413, exchange.Answer.Status);
    }

    [Fact]
    public async Task What_goes_on_has_its_route_limit_deadline_prefix_and_fields()
    {
        using var exchange = new MemoryExchange("POST", "/api/./orders?x=1", "1234");
        exchange.Request.Headers.Add("X-Secret", "s");
        exchange.Request.Headers.Add("X-Tenant", "forged");
        var route = Specs.Route("/api/**") with
        {
            StripPrefix = "/api",
            BodyLimit = 4,
            Timeout = TimeSpan.FromSeconds(7),
            RequestHeaders = ImmutableSortedDictionary<string, string?>.Empty.Add("X-Tenant", "a").Add("X-Secret", null).Add("Content-Length", "9"),
        };
        Assert.True(await RouteAsync(exchange, route));
        Assert.Equal("/orders?x=1", exchange.Request.Target);
        Assert.Equal(4, exchange.BodyLimit);
        Assert.Equal(TimeSpan.FromSeconds(7), exchange.Facts.Timeout);
        Assert.Equal("/api/**", exchange.Facts.Route?.Spec.Path);
        Assert.Equal("a", exchange.Request.Headers.ValueText(exchange.Request.Headers.IndexOf("X-Tenant"u8)));
        Assert.Equal(-1, exchange.Request.Headers.IndexOf("X-Secret"u8));
        Assert.Equal("4", exchange.Request.Headers.Text(HeaderId.ContentLength));
    }

    [Fact]
    public async Task A_callers_shorter_deadline_wins_over_the_routes()
    {
        using var exchange = new MemoryExchange();
        exchange.Facts.Timeout = TimeSpan.FromSeconds(1);
        Assert.True(await RouteAsync(exchange, Specs.Route()));
        Assert.Equal(TimeSpan.FromSeconds(1), exchange.Facts.Timeout);
    }

    [Fact]
    public async Task Options_for_the_whole_server_goes_where_the_root_goes()
    {
        using var exchange = new MemoryExchange("OPTIONS", "*");
        Assert.True(await RouteAsync(exchange, Specs.Route()));
        Assert.Equal("*", exchange.Request.Target);
    }

    [Fact]
    public async Task A_target_without_dot_segments_goes_on_as_it_was_written()
    {
        using var exchange = new MemoryExchange(target: "/%61//b%2Fc;v=1?q=%2e%2e/#x");
        Assert.True(await RouteAsync(exchange, Specs.Route()));
        Assert.Equal("/%61//b%2Fc;v=1?q=%2e%2e/#x", exchange.Request.Target);
    }

    [Fact]
    public async Task A_redirect_is_answered_with_the_routes_response_fields()
    {
        using var exchange = new MemoryExchange(target: "/old/a?b=c");
        var route = Specs.Route("/old/**", service: null) with
        {
            Redirect = "/new/{rest}",
            ResponseHeaders = ImmutableSortedDictionary<string, string?>.Empty.Add("Cache-Control", "no-store"),
        };
        Assert.False(await RouteAsync(exchange, route));
        Assert.Equal(308, exchange.Answer.Status);
        Assert.Equal("/new/a?b=c", exchange.Answer.Headers.Text(HeaderId.Location));
        Assert.Equal("no-store", exchange.Answer.Headers.Text(HeaderId.CacheControl));
    }

    private static async Task<bool> RouteAsync(MemoryExchange exchange, RouteSpec route) =>
        await RoutingStep.RouteAsync(exchange, new RouteTable([route], spec => new Route(spec, null)));
}
