using System.Net;
using Mainstay.Prove.Experiments.Own.Deeds;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Faults.Requests;

namespace Mainstay.Prove.Tests.Experiments.Own.Deeds;

public sealed class SendSlowlyTests
{
    private static readonly Scope Shop = Specs.Scope("""
        services: { web: node server.js }
        routes:
          - { path: /api/**, host: shop.example, service: web, exercise: [GET /api/orders -> 200, PUT /api/orders/1 -> 200] }
        """);

    [Theory]
    [InlineData(Slowness.Head, null, "GET", "/api/orders", "shop.example")]
    [InlineData(Slowness.Body, null, "PUT", "/api/orders/1", "shop.example")]
    [InlineData(Slowness.Upload, null, "PUT", "/api/orders/1", "shop.example")]
    [InlineData(Slowness.Body, "/api/cart", "POST", "/api/cart", "shop.example")]
    [InlineData(Slowness.Answer, "/api/cart", "GET", "/api/cart", "shop.example")]
    [InlineData(Slowness.Head, "/elsewhere", "GET", "/elsewhere", "127.0.0.1:8080")]
    internal void They_go_where_the_load_goes_or_to_the_route_of_the_path(Slowness slowness, string? path, string method, string asked, string host) =>
        Assert.Equal(new Aim(method, asked, host), new SendSlowly(1, slowness, path).AimAt(new(IPAddress.Loopback, 8080), Shop));
}
