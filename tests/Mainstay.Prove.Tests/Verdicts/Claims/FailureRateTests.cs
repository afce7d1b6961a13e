using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Tests.Verdicts.Claims;

public sealed class FailureRateTests
{
    [Theory]
    [InlineData(0.01, 299, Verdict.Holds)]
    [InlineData(0.01, 298, Verdict.Inconclusive)]
    [InlineData(0.001, 2995, Verdict.Holds)]
    [InlineData(0.001, 2994, Verdict.Inconclusive)]
    [InlineData(0.0001, 29956, Verdict.Holds)]
    [InlineData(0.0001, 29955, Verdict.Inconclusive)]
    public void No_failure_proves_the_objective_from_so_many_requests_on(double target, int count, object verdict)
    {
        var finding = Runs.Of(Runs.Fault(count)).Check(Rate(target));
        finding.Is((Verdict)verdict);
        Assert.Equal(finding.Verdict == Verdict.Holds ? null : count + 1, finding.Enough);
    }

    [Theory]
    [InlineData(0, Verdict.Holds)]
    [InlineData(1, Verdict.Holds)]
    [InlineData(2, Verdict.Inconclusive)]
    [InlineData(9, Verdict.Inconclusive)]
    [InlineData(10, Verdict.Violated)]
    public void Of_500_with_one_percent_allowed(int failures, object verdict) => Runs.Of(Runs.Fault(500 - failures, failures)).Check(Rate(0.01)).Is((Verdict)verdict);

    [Fact]
    public void Two_looks_ask_for_more_each() =>
        (Runs.Of(Runs.Fault(299)) with { Looks = 2 }).Check(Rate(0.01)).Is(Verdict.Inconclusive, "368");

    [Fact]
    public void No_requests_are_inconclusive() => Runs.Of().Check(Rate(0.01)).Is(Verdict.Inconclusive, "299");

    [Fact]
    public void Nothing_proves_that_none_ever_fails()
    {
        Runs.Of(Runs.Fault(5000)).Check(Rate(0)).Is(Verdict.Inconclusive, "no number of requests");
        Runs.Of(Runs.Fault(5000, 1)).Check(Rate(0)).Is(Verdict.Violated);
    }

    [Fact]
    public void An_availability_given_for_a_failure_rate_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => Rate(0.999));

    [Fact]
    public void The_bounds_are_told()
    {
        var finding = Runs.Of(Runs.Fault(480, 20)).Check(Rate(0.01));
        Assert.True(finding is { Seen: 0.04, Target: 0.01, PValue: < 0.0001 });
        Assert.InRange(finding.Lower!.Value, 0.026, 0.028);
        Assert.InRange(finding.Upper!.Value, 0.057, 0.059);
    }

    private static Expectation Rate(double target) => FailureRate.Expect("few fail", "default", "load", Phase.Names.Fault, target);
}
