using Mainstay.Edge.Routing;

namespace Mainstay.Edge.Tests.Routing;

public sealed class RewriteTests
{
    [Theory]
    [InlineData("/api/orders?x=1", "/api", "/orders?x=1")]
    [InlineData("/api", "/api", "/")]
    [InlineData("/api?x=1", "/api", "/?x=1")]
    [InlineData("/api/", "/api/", "/")]
    [InlineData("/apis/orders", "/api", "/apis/orders")]
    [InlineData("/%61pi/orders", "/api", "/orders")]
    [InlineData("/api/a%2Fb", "/api", "/a%2Fb")]
    [InlineData("/api//evil.example/x", "/api", "/evil.example/x")]
    [InlineData("/v1/api/x", "/v1/api", "/x")]
    [InlineData("/v1", "/v1/api", "/v1")]
    public void A_prefix_is_stripped_by_whole_segments(string target, string prefix, string expected) =>
        Assert.Equal(expected, Rewrite.StripPrefix(target, prefix));

    [Theory]
    [InlineData("/new/{rest}", "/old/**", "/old/a/b?x=1", "/new/a/b?x=1")]
    [InlineData("/new/{rest}", "/old/**", "/old", "/new/")]
    [InlineData("/new/{rest}", "/old/**", "/%6fld/a%20b", "/new/a%20b")]
    [InlineData("/{rest}", "/old/**", "/old//evil.example", "/evil.example")]
    [InlineData("/{rest}", "/old/**", "/old/\\evil.example", "/evil.example")]
    [InlineData("/{rest}", "/old/**", "/old/\\/evil.example", "/evil.example")]
    [InlineData("{rest}", "/old/**", "/old/https://evil.example", "/https://evil.example")]
    [InlineData("/{rest}", "/**", "//evil.example", "/evil.example")]
    [InlineData("https://shop.example/{rest}", "/**", "/a?b", "https://shop.example/a?b")]
    [InlineData("/found?from=old", "/old", "/old?x=1", "/found?from=old&x=1")]
    [InlineData("/new/{rest}", "/*/old/**", "/a/old/b", "/new/b")]
    [InlineData("/new", "/old", "/old", "/new")]
    public void A_redirect_keeps_rest_and_query_and_never_leaves_for_another_host(string template, string pattern, string target, string expected) =>
        Assert.Equal(expected, Rewrite.Location(template, pattern, target));
}
