using Mainstay.Prove.Recording;
using Mainstay.Prove.Tests.Recording;
using Mainstay.Prove.Verdicts;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Tests.Verdicts.Claims;

/// <summary>The claims about overload and refusal: goodput, refusals, fails-fast.</summary>
public sealed class OverloadTests
{
    private static readonly Expectation Good = Goodput.Expect("goodput stays", "default", "all", Phase.Names.Fault);
    private static readonly Expectation Refused = Refusals.Expect("refusals are polite", "default", "all", Phase.Names.Fault);
    private static readonly Expectation Fast = FailsFast.Expect("what fails fails fast", "default", "all", Phase.Names.Fault, 0.2);

    [Theory]
    [InlineData(81, Verdict.Holds)]
    [InlineData(80, Verdict.Holds)]
    [InlineData(79, Verdict.Violated)]
    [InlineData(0, Verdict.Violated)]
    public void Goodput_is_compared_with_the_capacity(int perSecond, object verdict) => Answering(perSecond).Check(Good).Is((Verdict)verdict);

    [Fact]
    public void Goodput_that_varies_too_much_is_inconclusive() =>
        Runs.Of(Runs.Spread(10, 30, 2000, at => at / Runs.Second % 2 == 0 && at % 20_000 == 0 ? Runs.Shed(at) : Histories.Good(at))
            .Concat(Runs.Spread(11, 12, 40))).Seeing(Runs.At(5, "capacity", "web", ("per_second", 95))).Check(Good).Is(Verdict.Inconclusive, "vary");

    [Fact]
    public void Goodput_without_a_capacity_is_inconclusive() => Runs.Of(Runs.Fault(2000)).Check(Good).Is(Verdict.Inconclusive, "not measured");

    [Fact]
    public void Goodput_without_load_is_inconclusive() =>
        Runs.Of().Seeing(Runs.At(5, "capacity", "web", ("per_second", 100))).Check(Good).Is(Verdict.Inconclusive);

    [Fact]
    public void Goodput_of_starved_seconds_is_excused()
    {
        var history = Runs.Of(Runs.Spread(10, 16, 60).Concat(Runs.Spread(16, 30, 1400))).Seeing(Runs.At(5, "capacity", "web", ("per_second", 100)));
        (history with { Phases = [new(Phase.Names.Fault, 10 * Runs.Second, 24 * Runs.Second)] }).Starved(10, 11, 12, 13, 14, 15).Check(Good)
            .Is(Verdict.Inconclusive);
    }

    [Theory]
    [InlineData(299, 0, Verdict.Holds)]
    [InlineData(298, 0, Verdict.Inconclusive)]
    [InlineData(300, 20, Verdict.Violated)]
    public void Refusals_come_in_time(int quick, int slow, object verdict) =>
        Runs.Of(Runs.Spread(10, 30, quick, at => Runs.Shed(at)).Concat(Runs.Spread(20, 21, slow, at => Runs.Shed(at, 0.2)))).Check(Refused).Is((Verdict)verdict);

    [Fact]
    public void A_refusal_without_retry_after_violates() =>
        Runs.Of(Runs.Spread(10, 30, 500, at => Runs.Shed(at)).Append(Histories.Failed(20 * Runs.Second, status: 503))).Check(Refused)
            .Is(Verdict.Violated, "without Retry-After");

    [Fact]
    public void No_refusal_says_nothing() => Runs.Of(Runs.Fault(1000)).Check(Refused).Is(Verdict.Inconclusive, "nothing was refused");

    [Fact]
    public void Late_refusals_of_a_starved_machine_are_excused() =>
        Runs.Of(Runs.Spread(10, 30, 300, at => Runs.Shed(at)).Concat(Runs.Spread(20, 21, 20, at => Runs.Shed(at, 0.2)))).Starved(20).Check(Refused)
            .Is(Verdict.Inconclusive, "other processes");

    [Theory]
    [InlineData(0.26, Verdict.Holds)]
    [InlineData(0.261, Verdict.Violated)]
    public void What_fails_is_refused_in_time(double seconds, object verdict) =>
        Runs.Of(Runs.Fault(300, 20, at => Runs.Shed(at, seconds))).Check(Fast).Is((Verdict)verdict);

    [Fact]
    public void What_fails_otherwise_violates()
    {
        Runs.Of(Runs.Fault(300, 20, at => Histories.Failed(at, status: 500))).Check(Fast).Is(Verdict.Violated, "20 × 500");
        Runs.Of(Runs.Fault(300, 20, at => Runs.Of(Fate.Reset, at))).Check(Fast).Is(Verdict.Violated, "20 × reset");
        Runs.Of(Runs.Fault(300, 20, at => Runs.Of(Fate.TimedOut, at, 30))).Check(Fast).Is(Verdict.Violated, "never answered");
        Runs.Of(Runs.Fault(300, 20, at => Histories.Failed(at, status: 503))).Check(Fast).Is(Verdict.Holds);
    }

    [Fact]
    public void Failing_fast_needs_requests()
    {
        Runs.Of(Runs.Fault(299)).Check(Fast).Is(Verdict.Holds, "none of 299");
        Runs.Of(Runs.Fault(298)).Check(Fast).Is(Verdict.Inconclusive, "299");
        Runs.Of().Check(Fast).Is(Verdict.Inconclusive);
    }

    [Fact]
    public void Failing_late_on_a_starved_machine_is_excused_but_hanging_is_not()
    {
        Runs.Of(Runs.Fault(300, 20, at => Runs.Shed(at, 0.5))).Starved(20).Check(Fast).Is(Verdict.Inconclusive, "other processes");
        Runs.Of(Runs.Fault(300, 20, at => Runs.Of(Fate.TimedOut, at, 30))).Starved(20).Check(Fast).Is(Verdict.Violated);
    }

    private static History Answering(int perSecond) =>
        Runs.Of(Enumerable.Range(10, 20).SelectMany(second => Runs.Spread(second, second + 0.99, perSecond)).Concat(Runs.Spread(31, 32, 1)))
            .Seeing(Runs.At(5, "capacity", "web", ("per_second", 100)));
}
