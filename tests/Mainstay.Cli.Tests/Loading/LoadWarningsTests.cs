using Mainstay.Cli.Loading;
using Mainstay.Prove.Load;
using Mainstay.Prove.Load.Scheduling;
using Mainstay.Prove.Recording;

namespace Mainstay.Cli.Tests.Loading;

public sealed class LoadWarningsTests
{
    private static readonly LoadPlan Plan = new(LoadTarget.Port(1), [new("GET", "/")], Pace.Constant(1));
    private static readonly LatencyQuantiles Latency = new(0.1, 0.2, 0.3, 0.4, 0.5);
    private static readonly LoadTotals Good = new(100, 100, 100, 0, 10, new Dictionary<Fate, long>(), new Dictionary<int, long>(), Latency, Latency, 0.004);

    [Fact]
    public void A_schedule_that_was_kept_warns_of_nothing() => Assert.Empty(LoadWarnings.Of(Plan, Good, 0.004));

    [Fact]
    public void Late_requests_are_warned_of_beyond_a_twentieth_of_the_latency() =>
        Assert.StartsWith("the schedule was not kept: 1 % of the requests were begun 6.00 ms late", Assert.Single(LoadWarnings.Of(Plan, Good with { WaitP99 = 0.006 }, 0.006)), StringComparison.Ordinal);

    [Fact]
    public void Waiting_for_connections_is_told_apart() =>
        Assert.StartsWith("requests waited for a connection, 1 % of them 20.0 ms or more", Assert.Single(LoadWarnings.Of(Plan, Good with { WaitP99 = 0.02 }, 0.001)), StringComparison.Ordinal);
}
