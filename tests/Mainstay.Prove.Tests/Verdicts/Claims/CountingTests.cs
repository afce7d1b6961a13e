using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Tests.Verdicts.Claims;

/// <summary>The claims that count happenings: happens, never-happens, number-at-most, ratio-at-most.</summary>
public sealed class CountingTests
{
    private static readonly History Twice = Runs.Of().Seeing(Runs.At(12, "bit", numbers: ("bytes", 30)), Runs.At(20, "bit", numbers: ("bytes", 12)));

    [Theory]
    [InlineData(1, Verdict.Holds)]
    [InlineData(2, Verdict.Holds)]
    [InlineData(3, Verdict.Violated)]
    public void Happens_often_enough(int least, object verdict) =>
        Twice.Check(Happens.Expect("it bit", "default", Happening.Kinds.Bit, least)).Is((Verdict)verdict);

    [Theory]
    [InlineData(42, Verdict.Holds)]
    [InlineData(42.5, Verdict.Violated)]
    public void Happens_with_enough_in_all(double sum, object verdict) =>
        Twice.Check(Happens.Expect("it bit", "default", Happening.Kinds.Bit, 1, "bytes", sum)).Is((Verdict)verdict);

    [Fact]
    public void Happens_never_holds_without_a_happening() =>
        Runs.Of().Check(Happens.Expect("it bit", "default", Happening.Kinds.Bit, least: 0)).Is(Verdict.Violated);

    [Fact]
    public void What_was_not_seen_may_have_a_reason_that_is_known() =>
        Runs.Of().Check(Happens.Expect("it bit", "default", Happening.Kinds.Bit, hint: "the url leads past it")).Is(Verdict.Violated, "1 were asked for; the url leads past it");

    [Fact]
    public void Never_happens_is_violated_by_one()
    {
        Twice.Check(NeverHappens.Expect("", "default", Happening.Kinds.Bit)).Is(Verdict.Violated, "first at 12 s");
        Twice.Check(NeverHappens.Expect("", "default", Happening.Kinds.StopFailed)).Is(Verdict.Holds);
    }

    [Fact]
    public void Never_happens_looks_at_its_phase_only()
    {
        Twice.Check(NeverHappens.Expect("", "default", Happening.Kinds.Bit, Phase.Names.Recovery)).Is(Verdict.Holds);
        Twice.Check(NeverHappens.Expect("", "default", Happening.Kinds.Bit, Phase.Names.Fault)).Is(Verdict.Violated);
        Twice.Check(NeverHappens.Expect("", "default", Happening.Kinds.Bit, Phase.Names.WarmUp)).Is(Verdict.Inconclusive);
    }

    [Theory]
    [InlineData(30, false, Verdict.Holds)]
    [InlineData(29, false, Verdict.Violated)]
    [InlineData(42, true, Verdict.Holds)]
    [InlineData(41, true, Verdict.Violated)]
    public void A_number_is_at_most_so_great_each_or_in_all(double most, bool sum, object verdict) =>
        Twice.Check(NumberAtMost.Expect("", "default", Happening.Kinds.Bit, "bytes", most, sum)).Is((Verdict)verdict);

    [Fact]
    public void A_number_that_nobody_counted_is_inconclusive()
    {
        Runs.Of().Check(NumberAtMost.Expect("", "default", Happening.Kinds.Bit, "bytes", 5)).Is(Verdict.Inconclusive, "not counted");
        Twice.Check(NumberAtMost.Expect("", "default", Happening.Kinds.Bit, "connections", 5)).Is(Verdict.Inconclusive);
    }

    [Theory]
    [InlineData(120, 100, 0, Verdict.Holds)]
    [InlineData(121, 100, 0, Verdict.Violated)]
    [InlineData(121, 100, 1, Verdict.Holds)]
    [InlineData(0, 0, 0, Verdict.Inconclusive)]
    [InlineData(10, 0, 10, Verdict.Inconclusive)]
    [InlineData(11, 0, 10, Verdict.Violated)]
    public void One_number_stays_in_proportion_to_another(double calls, double requests, double floor, object verdict) =>
        Runs.Of().Seeing(Runs.At(30, "dependency-calls", "db", ("calls", calls), ("requests", requests)))
            .Check(RatioAtMost.Expect("", "default", Happening.Kinds.DependencyCalls, "calls", "requests", 1.2, floor)).Is((Verdict)verdict);

    [Theory]
    [InlineData(double.NaN, 100)]
    [InlineData(10, double.NaN)]
    [InlineData(double.NaN, double.NaN)]
    public void A_ratio_of_what_is_no_number_is_inconclusive(double calls, double requests) =>
        Runs.Of().Seeing(Runs.At(29, "bit", numbers: [("calls", 1), ("requests", 1)]), Runs.At(30, "bit", numbers: [("calls", calls), ("requests", requests)]))
            .Check(RatioAtMost.Expect("", "default", Happening.Kinds.Bit, "calls", "requests", 1.2, floor: 10)).Is(Verdict.Inconclusive, "could not be counted: bit of web");

    [Fact]
    public void A_bound_that_is_no_number_is_inconclusive()
    {
        Twice.Check(NumberAtMost.Expect("", "default", Happening.Kinds.Bit, "bytes", double.NaN)).Is(Verdict.Inconclusive);
        Twice.Check(RatioAtMost.Expect("", "default", Happening.Kinds.Bit, "bytes", "bytes", double.NaN)).Is(Verdict.Inconclusive);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_number_that_is_none_is_inconclusive(bool sum) =>
        Runs.Of().Seeing(Runs.At(29, "bit", numbers: ("bytes", 1)), Runs.At(30, "bit", numbers: ("bytes", double.NaN)))
            .Check(NumberAtMost.Expect("", "default", Happening.Kinds.Bit, "bytes", 5, sum)).Is(Verdict.Inconclusive, "could not be counted: bit of web");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_could_not_be_counted_makes_no_number_smaller(bool sum) =>
        Runs.Of().Seeing(Runs.At(29, "bit", numbers: ("bytes", 6)), Runs.At(30, "bit", numbers: ("bytes", double.NaN)))
            .Check(NumberAtMost.Expect("", "default", Happening.Kinds.Bit, "bytes", 5, sum)).Is(Verdict.Violated);

    [Fact]
    public void What_is_allowed_in_any_case_is_allowed_each_time_it_is_counted() =>
        Runs.Of().Seeing(Runs.At(29, "bit", numbers: [("calls", 30), ("requests", 10)]), Runs.At(30, "bit", numbers: [("calls", 32), ("requests", 10)]))
            .Check(RatioAtMost.Expect("", "default", Happening.Kinds.Bit, "calls", "requests", 0.1, floor: 30)).Is(Verdict.Holds);

    [Fact]
    public void A_ratio_that_nobody_counted_is_inconclusive() =>
        Twice.Check(RatioAtMost.Expect("", "default", Happening.Kinds.DependencyCalls, "calls", "requests", 1.2)).Is(Verdict.Inconclusive);
}
