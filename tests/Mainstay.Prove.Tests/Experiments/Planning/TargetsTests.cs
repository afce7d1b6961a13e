using System.Net;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Faults.Requests;

namespace Mainstay.Prove.Tests.Experiments.Planning;

public sealed class TargetsTests
{
    private static readonly IPEndPoint Edge = new(IPAddress.Loopback, 8080);

    [Fact]
    public void They_are_where_the_load_goes()
    {
        var targets = Of("""
            - { path: /api/**, host: shop.example, service: web, exercise: [GET /api/orders?page=1 -> 200, POST /api/orders -> 201] }
            """);
        Assert.Equal(new Aim("GET", "/api/orders?page=1", "shop.example"), targets.Ask.AimAt(Edge));
        Assert.Equal(new Aim("POST", "/api/orders", "shop.example"), targets.Upload.AimAt(Edge));
    }

    [Fact]
    public void Nothing_is_sent_by_a_method_that_nobody_wrote_down()
    {
        var targets = Of("- { path: /, service: web }");
        Assert.Equal(new Aim("GET", "/", "127.0.0.1:8080"), targets.Upload.AimAt(Edge));
        Assert.Equal("POST /orders", Of("- { path: /orders, service: web, methods: [POST], exercise: POST /orders }").Ask.Stream.Name);
    }

    [Fact]
    public void A_route_that_refuses_many_or_takes_long_is_the_last_choice()
    {
        var targets = Of("""
            - { path: /limited, service: web, rate_limit: { rate: 10/s, by: client } }
            - { path: /report, service: web, objective: { latency: { p99: 5s } } }
            - { path: /work, service: web }
            """);
        Assert.Equal("GET /work", targets.Ask.Stream.Name);
        Assert.Equal(5, targets.Patience(5).TotalSeconds);
    }

    [Fact]
    public void What_may_take_long_is_waited_for() =>
        Assert.Equal(8, Of("- { path: /report, service: web, objective: { latency: { p99: 8s } } }").Patience(5).TotalSeconds);

    private static Targets Of(string routes) => Targets.Of(Specs.Scope($"services: {{ web: node server.js }}\nroutes:\n{string.Join('\n', routes.Split('\n').Select(line => "  " + line))}"))!;
}
