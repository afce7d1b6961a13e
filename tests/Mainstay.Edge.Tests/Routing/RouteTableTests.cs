using System.Collections.Immutable;
using Mainstay.Edge.Routing;
using Mainstay.Manifest.Model;

namespace Mainstay.Edge.Tests.Routing;

public sealed class RouteTableTests
{
    private static readonly string[] Patterns =
    [
        "/**", "/api/**", "/api/orders", "/api/orders/*", "/api/orders/*/items", "/api/*/items", "/admin/**", "/a/*/c/**", "/exact/", "/caf%C3%A9", "/b/**",
        "/b/*/x",
    ];

    [Theory]
    [InlineData("/", "/**")]
    [InlineData("/anything/else", "/**")]
    [InlineData("/api", "/api/**")]
    [InlineData("/api/", "/api/**")]
    [InlineData("/apis", "/**")]
    [InlineData("/api/orders", "/api/orders")]
    [InlineData("/api/orders/", "/api/**")]
    [InlineData("/api/orders/7", "/api/orders/*")]
    [InlineData("/api/orders/7/items", "/api/orders/*/items")]
    [InlineData("/api/users/items", "/api/*/items")]
    [InlineData("/api/orders/items", "/api/orders/*")]
    [InlineData("/api/orders/7/items/1", "/api/**")]
    [InlineData("/admin", "/admin/**")]
    [InlineData("/Admin", "/**")]
    [InlineData("//admin", "/admin/**")]
    [InlineData("/admin//x", "/admin/**")]
    [InlineData("/%61dmin", "/admin/**")]
    [InlineData("/%61%64min/x", "/admin/**")]
    [InlineData("/admin%2Fx", "/**")]
    [InlineData("/%", "/**")]
    [InlineData("/%a", "/**")]
    [InlineData("/%zz", "/**")]
    [InlineData("/a/b/c", "/a/*/c/**")]
    [InlineData("/a/b/c/d/e", "/a/*/c/**")]
    [InlineData("/a/b/d", "/**")]
    [InlineData("/exact/", "/exact/")]
    [InlineData("/exact", "/**")]
    [InlineData("/caf%c3%a9", "/caf%C3%A9")]
    [InlineData("/caf%C3%A9", "/caf%C3%A9")]
    [InlineData("/b/1/x", "/b/*/x")]
    [InlineData("/b/1/y", "/b/**")]
    public void The_most_specific_path_wins_whatever_the_order(string path, string expected)
    {
        Assert.Equal(expected, Find(Table(Patterns.Select(pattern => Specs.Route(pattern))), path)?.Spec.Path);
        Assert.Equal(expected, Find(Table(Patterns.Reverse().Select(pattern => Specs.Route(pattern))), path)?.Spec.Path);
    }

    [Theory]
    [InlineData("shop.example", "exact")]
    [InlineData("SHOP.example:8080", "exact")]
    [InlineData("shop.example.", "exact")]
    [InlineData("a.example", "wildcard")]
    [InlineData("a.b.example", "wildcard")]
    [InlineData("a.api.example", "longer")]
    [InlineData("example", "any")]
    [InlineData("notshop.test", "any")]
    [InlineData("[::1]:8080", "any")]
    [InlineData("[::1]", "any")]
    [InlineData("", "any")]
    public void An_exact_host_wins_over_a_longer_wildcard_over_a_shorter_over_none(string host, string expected)
    {
        var table = Table(
        [
            Specs.Route(service: "any"),
            Specs.Route(service: "wildcard") with { Host = "*.example" },
            Specs.Route(service: "longer") with { Host = "*.api.example" },
            Specs.Route(service: "exact") with { Host = "shop.example" },
        ]);
        Assert.Equal(expected, table.Find(host, "/x", "GET").Route?.Spec.Service);
    }

    [Fact]
    public void A_host_without_a_fitting_path_falls_through_to_the_routes_of_any_host()
    {
        var table = Table([Specs.Route("/only", "exact") with { Host = "shop.example" }, Specs.Route("/**", "any")]);
        Assert.Equal("exact", table.Find("shop.example", "/only", "GET").Route?.Spec.Service);
        Assert.Equal("any", table.Find("shop.example", "/other", "GET").Route?.Spec.Service);
    }

    [Theory]
    [InlineData("GET", "get")]
    [InlineData("HEAD", "get")]
    [InlineData("POST", "posts")]
    [InlineData("PUT", "posts")]
    [InlineData("DELETE", "any")]
    [InlineData("get", "any")]
    public void A_route_that_names_the_method_wins_over_one_that_takes_any(string method, string expected)
    {
        var table = Table(
        [
            Specs.Route("/x", "any"),
            Specs.Route("/x", "posts") with { Methods = ["POST", "PUT"] },
            Specs.Route("/x", "get") with { Methods = ["GET"] },
        ]);
        Assert.Equal(expected, table.Find("a", "/x", method).Route?.Spec.Service);
    }

    [Fact]
    public void If_only_methods_differ_they_are_told()
    {
        var table = Table([Specs.Route("/x/**") with { Methods = ["POST"] }, Specs.Route("/x/y") with { Methods = ["GET", "POST"] }]);
        Assert.Equal(new RouteMatch(null, "GET, POST"), table.Find("a", "/x/y", "DELETE"));
        Assert.Equal(new RouteMatch(null, null), table.Find("a", "/z", "DELETE"));
    }

    [Fact]
    public void A_route_whose_method_does_not_fit_is_passed_over()
    {
        var table = Table([Specs.Route("/**", "rest"), Specs.Route("/x", "get") with { Methods = ["GET"] }]);
        Assert.Equal("rest", table.Find("a", "/x", "POST").Route?.Spec.Service);
    }

    [Fact]
    public void Nothing_is_allocated_for_a_request_that_finds_its_route()
    {
        var table = Table(Patterns.Select(pattern => Specs.Route(pattern)));
        Assert.NotNull(Find(table, "/api/orders/7/items"));
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            table.Find("shop.example:8080", "/api/orders/7/items", "GET");
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static RouteTable Table(IEnumerable<RouteSpec> routes) => new(routes.ToImmutableArray(), spec => new Route(spec, null));

    private static Route? Find(RouteTable table, string path) => table.Find("shop.example", path, "GET").Route;
}
