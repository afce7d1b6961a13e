using Mainstay.Edge.Admission;
using Mainstay.Edge.Tests.Fakes;
using Mainstay.Manifest.Model;
using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Queues;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Mainstay.Edge.Tests.Admission;

public sealed class GatesTests
{
    [Fact]
    public void A_priority_that_changes_is_taken_over_and_what_was_learnt_stays()
    {
        var time = new FakeTimeProvider();
        using var gates = new Gates(time, new Dice(1), new EdgeEvents(time, NullLogger.Instance));
        var before = Apply(gates, RoutePriority.Normal);

        var after = Apply(gates, RoutePriority.Critical);

        Assert.Equal((Priority.Normal, Priority.Critical), (before.Priority, after.Priority));
        Assert.Same(before.Share, after.Share);
        Assert.Same(before.Breaker, after.Breaker);
        Assert.Equal("critical", Assert.Single(gates.Status()).Priority);
    }

    private static RouteAdmission Apply(Gates gates, RoutePriority priority)
    {
        var route = Manifests.Route("web") with { Priority = priority };
        gates.Apply(Manifests.Of(ForwardingBench.Service()) with { Routes = [route] });
        return gates.Find(route)!;
    }
}
