using Mainstay.Contracts.Control;
using Mainstay.Edge.Forwarding.Hedging;
using Mainstay.Manifest.Model;

namespace Mainstay.Edge.Tests.Forwarding.Hedging;

public sealed class RouteHedgesTests
{
    private static readonly RouteSpec Api = Specs.Route("/api/**") with { Hedge = new(0.95, "p95") };

    [Fact]
    public void An_apply_keeps_what_a_route_knows_as_long_as_its_hedge_stays_as_it_is()
    {
        var hedges = new RouteHedges();
        hedges.Apply(Specs.Manifest(routes: [Api, Specs.Route()]));
        var first = hedges.Find(Api);
        Assert.NotNull(first);
        Assert.Null(hedges.Find(Specs.Route()));

        hedges.Apply(Specs.Manifest(routes: [Api with { Timeout = TimeSpan.FromSeconds(1) }]));
        Assert.Same(first, hedges.Find(Api));

        hedges.Apply(Specs.Manifest(routes: [Api with { Hedge = new(0.99, "p99") }]));
        Assert.NotSame(first, hedges.Find(Api));

        hedges.Apply(Specs.Manifest(routes: [Api with { Hedge = null }]));
        Assert.Null(hedges.Find(Api));
    }

    [Fact]
    public void Status_says_after_how_long_and_how_often()
    {
        var hedges = new RouteHedges();
        hedges.Apply(Specs.Manifest(routes: [Api, Specs.Route()]));
        RouteStatus Of(string route) => new(route, "web", "normal", "adaptive", 8, 0, 0, 0, 0, "closed", null);
        Assert.Equal(new HedgeStatus("p95", null, 0, 0), hedges.Complete(Of("/api/**"), 100).Hedge);
        Assert.Null(hedges.Complete(Of("/**"), 100).Hedge);

        var hedge = hedges.Find(Api)!;
        for (var i = 0; i < 30; i++)
            hedge.Record(0.02, 100 + (i / 100.0));
        hedge.CountMade();
        hedge.CountMade();
        hedge.CountWon();

        var status = hedges.Complete(Of("/api/**"), 101).Hedge!;
        Assert.Equal(("p95", 2, 1), (status.At, status.Made, status.Won));
        Assert.InRange(status.AfterSeconds!.Value, 0.02, 0.03);
    }
}
