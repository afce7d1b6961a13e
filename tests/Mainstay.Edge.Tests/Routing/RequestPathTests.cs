using Mainstay.Edge.Routing;

namespace Mainstay.Edge.Tests.Routing;

public sealed class RequestPathTests
{
    [Theory]
    [InlineData("/public/../admin", "/admin")]
    [InlineData("/public/%2e%2e/admin", "/admin")]
    [InlineData("/public/.%2E/admin", "/admin")]
    [InlineData("/public/./admin", "/public/admin")]
    [InlineData("/..", "/")]
    [InlineData("/../../a", "/a")]
    [InlineData("/a/.", "/a/")]
    [InlineData("/a/b/..", "/a/")]
    [InlineData("/a/%62/../c%20d", "/a/c%20d")]
    [InlineData("/a//../b", "/a/b")]
    [InlineData("/.", "/")]
    public void Dot_segments_are_resolved_and_all_else_stays_as_written(string path, string expected)
    {
        Assert.True(RequestPath.HasDotSegments(path));
        Assert.Equal(expected, RequestPath.WithoutDotSegments(path));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/a/b")]
    [InlineData("/.well-known/acme")]
    [InlineData("/a/...")]
    [InlineData("/a..b")]
    [InlineData("/a%2eb")]
    [InlineData("/..%2Fadmin")]
    public void What_only_looks_like_dot_segments_is_left_alone(string path) => Assert.False(RequestPath.HasDotSegments(path));

    [Theory]
    [InlineData("/a?b#c", 2)]
    [InlineData("/a#c?b", 2)]
    [InlineData("/a", 2)]
    [InlineData("/?", 1)]
    public void The_path_ends_at_the_query(string target, int length) => Assert.Equal(length, RequestPath.LengthIn(target));
}
