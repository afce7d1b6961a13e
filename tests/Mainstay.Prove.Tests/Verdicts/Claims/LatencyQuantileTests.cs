using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Tests.Verdicts.Claims;

public sealed class LatencyQuantileTests
{
    private static readonly Expectation P99 = LatencyQuantile.Expect("p99 within 100 ms", "default", "load", Phase.Names.Fault, 0.99, 0.1);

    [Theory]
    [InlineData(299, 0, Verdict.Holds)]
    [InlineData(298, 0, Verdict.Inconclusive)]
    [InlineData(495, 5, Verdict.Inconclusive)]
    [InlineData(489, 11, Verdict.Violated)]
    [InlineData(0, 0, Verdict.Inconclusive)]
    public void A_share_of_slow_requests_is_allowed(int quick, int slow, object verdict) =>
        Runs.Of(Runs.Fault(quick, slow, Runs.Taking(0.2))).Check(P99).Is((Verdict)verdict);

    [Fact]
    public void Exactly_so_long_is_in_time() => Runs.Of(Runs.Spread(10, 30, 299, Runs.Taking(0.1))).Check(P99).Is(Verdict.Holds);

    [Fact]
    public void Never_answered_is_slow() => Runs.Of(Runs.Fault(400, 20, at => Runs.Of(Fate.TimedOut, at, 0.01))).Check(P99).Is(Verdict.Violated);

    [Fact]
    public void A_refused_connection_is_a_failure_and_not_slow() =>
        Runs.Of(Runs.Fault(400, 20, at => Runs.Of(Fate.Refused, at, 5))).Check(P99).Is(Verdict.Holds);

    [Fact]
    public void A_starved_machine_excuses_what_was_slow_meanwhile() =>
        Runs.Of(Runs.Fault(400, 20, Runs.Taking(0.2))).Starved(20).Check(P99).Is(Verdict.Inconclusive, "other processes took up to 50 %");

    [Fact]
    public void A_starved_machine_excuses_nothing_at_other_times() =>
        Runs.Of(Runs.Fault(400, 20, Runs.Taking(0.2))).Starved(25).Check(P99).Is(Verdict.Violated);

    [Fact]
    public void A_starved_machine_makes_nothing_hold() =>
        Runs.Of(Runs.Fault(495, 5, Runs.Taking(0.2))).Starved(20).Check(P99).Is(Verdict.Inconclusive);

    [Fact]
    public void The_quantile_and_its_bounds_are_told()
    {
        var finding = Runs.Of(Enumerable.Range(1, 1000).Select(index => Runs.Taking(index / 10_000.0)(15 * Runs.Second))).Check(P99);
        Assert.Equal(0.099, finding.Seen);
        Assert.InRange(finding.Lower!.Value, 0.0982, 0.0986);
        Assert.InRange(finding.Upper!.Value, 0.0994, 0.0998);
        Assert.Equal("p99 99 ms", finding.Number);
    }
}
