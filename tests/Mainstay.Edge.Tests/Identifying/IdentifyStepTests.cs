using System.Net;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Identifying;
using Mainstay.Edge.Tests.Exchanges;

namespace Mainstay.Edge.Tests.Identifying;

public sealed class IdentifyStepTests : IDisposable
{
    private static readonly TrustedProxies Proxies = new([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("2001:db8::/32")]);
    private readonly MemoryExchange _exchange = new(host: "shop.example:8080");

    [Fact]
    public void What_strangers_claim_is_thrown_away()
    {
        Add("X-Forwarded-For", "1.1.1.1");
        Add("x-forwarded-proto", "https");
        Add("X-Forwarded-Host", "evil.example");
        Add("Forwarded", "for=1.1.1.1");
        Add("X-Request-Id", "forged");
        Add("Mainstay-Timeout-Ms", "1");
        Identify("192.0.2.1");
        Assert.Equal("192.0.2.1", All(HeaderId.XForwardedFor));
        Assert.Equal("http", All(HeaderId.XForwardedProto));
        Assert.Equal("shop.example:8080", All(HeaderId.XForwardedHost));
        Assert.Equal("for=192.0.2.1;host=\"shop.example:8080\";proto=http", All(HeaderId.Forwarded));
        Assert.Matches("^[0-9a-f]{32}$", All(HeaderId.XRequestId));
        Assert.Equal(_exchange.Facts.RequestId, All(HeaderId.XRequestId));
        Assert.Equal("", All(HeaderId.MainstayTimeoutMs));
        Assert.Equal(TimeSpan.Zero, _exchange.Facts.Timeout);
        Assert.Equal(IPAddress.Parse("192.0.2.1"), _exchange.Facts.Client);
    }

    [Fact]
    public void Every_X_Forwarded_field_is_for_trusted_proxies_only()
    {
        Add("X-Forwarded-Port", "443");
        Add("x-forwarded-prefix", "/admin");
        Add("X-Forwarded-Ssl", "on");
        Add("X-Forwarded", "for=1.1.1.1");
        Add("X-Forwardedness", "mine");
        Identify("192.0.2.1");
        Assert.True(_exchange.Request.Headers.IndexOf("X-Forwarded-Port"u8) < 0);
        Assert.True(_exchange.Request.Headers.IndexOf("X-Forwarded-Prefix"u8) < 0);
        Assert.True(_exchange.Request.Headers.IndexOf("X-Forwarded-Ssl"u8) < 0);
        Assert.True(_exchange.Request.Headers.IndexOf("X-Forwardedness"u8) >= 0);
    }

    [Fact]
    public void A_trusted_proxy_may_send_any_X_Forwarded_field()
    {
        Add("X-Forwarded-Prefix", "/shop");
        Identify("10.1.2.3");
        Assert.True(_exchange.Request.Headers.IndexOf("X-Forwarded-Prefix"u8) >= 0);
    }

    [Fact]
    public void A_trusted_proxy_is_believed_and_completed()
    {
        Add("X-Forwarded-For", "203.0.113.7");
        Add("X-Forwarded-Proto", "https");
        Add("X-Forwarded-Host", "front.example");
        Add("X-Request-Id", "from-the-proxy");
        Add("Mainstay-Timeout-Ms", "1500");
        Identify("10.1.2.3");
        Assert.Equal("203.0.113.7, 10.1.2.3", All(HeaderId.XForwardedFor));
        Assert.Equal("https", All(HeaderId.XForwardedProto));
        Assert.Equal("https", _exchange.Request.Scheme);
        Assert.Equal("front.example", All(HeaderId.XForwardedHost));
        Assert.Equal("for=203.0.113.7, for=10.1.2.3;host=\"shop.example:8080\";proto=http", All(HeaderId.Forwarded));
        Assert.Equal("from-the-proxy", All(HeaderId.XRequestId));
        Assert.Equal(TimeSpan.FromSeconds(1.5), _exchange.Facts.Timeout);
        Assert.Equal("", All(HeaderId.MainstayTimeoutMs));
        Assert.Equal(IPAddress.Parse("203.0.113.7"), _exchange.Facts.Client);
        Assert.True(_exchange.Facts.Trusted);
    }

    [Theory]
    [InlineData("6.6.6.6, 203.0.113.7, 10.9.9.9", "203.0.113.7")]
    [InlineData("6.6.6.6, 203.0.113.7:4711", "203.0.113.7")]
    [InlineData("[2001:db9::1]:80, 10.9.9.9", "2001:db9::1")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("10.1.1.1, 10.2.2.2", "10.1.1.1")]
    [InlineData("6.6.6.6, unknown, 10.2.2.2", "10.2.2.2")]
    [InlineData("nonsense", "10.1.2.3")]
    [InlineData("", "10.1.2.3")]
    public void The_client_is_the_nearest_hop_that_is_no_trusted_proxy(string chain, string client)
    {
        Add("X-Forwarded-For", chain);
        Identify("10.1.2.3");
        Assert.Equal(IPAddress.Parse(client), _exchange.Facts.Client);
    }

    [Fact]
    public void Several_fields_read_as_one_list()
    {
        Add("X-Forwarded-For", "6.6.6.6");
        Add("X-Forwarded-For", "203.0.113.7");
        Identify("10.1.2.3");
        Assert.Equal("6.6.6.6, 203.0.113.7, 10.1.2.3", All(HeaderId.XForwardedFor));
        Assert.Equal(IPAddress.Parse("203.0.113.7"), _exchange.Facts.Client);
    }

    [Fact]
    public void A_proxy_that_speaks_only_Forwarded_is_understood()
    {
        Add("Forwarded", "for=\"[2001:db9::7]:1234\";proto=https;host=front.example");
        Identify("10.1.2.3");
        Assert.Equal(IPAddress.Parse("2001:db9::7"), _exchange.Facts.Client);
        Assert.Equal("https", All(HeaderId.XForwardedProto));
        Assert.Equal("front.example", All(HeaderId.XForwardedHost));
        Assert.Equal("for=\"[2001:db9::7]:1234\";proto=https;host=front.example, for=10.1.2.3;host=\"shop.example:8080\";proto=http", All(HeaderId.Forwarded));
    }

    [Fact]
    public void A_strangers_Forwarded_that_a_proxy_passed_on_unread_is_not_believed()
    {
        Add("Forwarded", "for=6.6.6.6;proto=https;host=evil.example");
        Add("X-Forwarded-For", "203.0.113.7");
        Identify("10.1.2.3");
        Assert.Equal(IPAddress.Parse("203.0.113.7"), _exchange.Facts.Client);
        Assert.Equal("http", All(HeaderId.XForwardedProto));
        Assert.Equal("for=203.0.113.7, for=10.1.2.3;host=\"shop.example:8080\";proto=http", All(HeaderId.Forwarded));
    }

    [Theory]
    [InlineData("10.1.2.3", true)]
    [InlineData("::ffff:10.1.2.3", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("11.1.2.3", false)]
    [InlineData("::ffff:11.1.2.3", false)]
    [InlineData("2001:db9::1", false)]
    public void Trust_is_by_network_whichever_way_an_address_is_written(string peer, bool trusted) =>
        Assert.Equal(trusted, Proxies.Contains(IPAddress.Parse(peer)));

    [Theory]
    [InlineData("a b")]
    [InlineData("")]
    [InlineData("ümlaut")]
    [InlineData("tab\t")]
    public void A_request_id_that_could_break_a_log_is_replaced(string id)
    {
        Add("X-Request-Id", id);
        Identify("10.1.2.3");
        Assert.Matches("^[0-9a-f]{32}$", All(HeaderId.XRequestId));
    }

    [Fact]
    public void A_request_id_may_have_128_characters_and_no_more()
    {
        Add("X-Request-Id", new string('x', 128));
        Identify("10.1.2.3");
        Assert.Equal(new string('x', 128), All(HeaderId.XRequestId));
        _exchange.Request.Headers.Set(HeaderId.XRequestId, new string('x', 129));
        Identify("10.1.2.3");
        Assert.Equal(32, All(HeaderId.XRequestId).Length);
    }

    [Fact]
    public void Fields_of_the_clients_connection_go_but_none_of_ours_can_be_stripped()
    {
        Add("Connection", "close, X-Forwarded-For, X-Request-Id, traceparent, Forwarded, X-Mine, Host, Content-Length");
        Add("X-Mine", "1");
        Add("Keep-Alive", "timeout=5");
        Add("Proxy", "http://evil.example");
        Add("Proxy-Authorization", "Basic x");
        Add("Proxy-Something", "x");
        Add("Upgrade", "h2c");
        Add("HTTP2-Settings", "x");
        Add("TE", "gzip, trailers;q=0.5");
        Add("X-Kept", "1");
        Identify("192.0.2.1");
        var names = Enumerable.Range(0, _exchange.Request.Headers.Count).Select(_exchange.Request.Headers.NameText).Order(StringComparer.Ordinal);
        Assert.Equal(["Forwarded", "Host", "TE", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Kept", "X-Request-Id", "traceparent"], names);
        Assert.Equal("trailers", All(HeaderId.TE));
    }

    [Fact]
    public void An_upgrade_that_is_wanted_stays()
    {
        Add("Connection", "keep-alive, Upgrade");
        Add("Upgrade", "websocket");
        _exchange.Request.Upgrade = "websocket";
        Identify("192.0.2.1");
        Assert.Equal("websocket", All(HeaderId.Upgrade));
        Assert.Equal("", All(HeaderId.Connection));
    }

    [Fact]
    public void Look_alikes_of_our_fields_are_passed_on_and_not_believed()
    {
        Add("X_Forwarded_For", "6.6.6.6");
        Identify("10.1.2.3");
        Assert.Equal(IPAddress.Parse("10.1.2.3"), _exchange.Facts.Client);
        Assert.True(_exchange.Request.Headers.IndexOf("X_Forwarded_For"u8) >= 0);
    }

    [Fact]
    public void Ids_do_not_repeat()
    {
        var ids = new RequestIds();
        Assert.Equal(10_000, Enumerable.Range(0, 10_000).Select(_ => ids.Next()).Distinct().Count());
        Assert.NotEqual(new RequestIds().Next(), new RequestIds().Next());
    }

    public void Dispose() => _exchange.Dispose();

    private void Add(string name, string value) => _exchange.Request.Headers.Add(name, value);

    private void Identify(string peer)
    {
        _exchange.Request.Peer = IPAddress.Parse(peer);
        new IdentifyStep(new RequestIds()).Identify(_exchange, Proxies);
    }

    private string All(HeaderId id) => string.Join(" | ", Enumerable.Range(0, _exchange.Request.Headers.Count)
        .Where(i => _exchange.Request.Headers.IdAt(i) == id).Select(_exchange.Request.Headers.ValueText));
}
