using Mainstay.Prove.Recording;
using Mainstay.Prove.Tests.Recording;
using Mainstay.Prove.Verdicts;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Tests.Verdicts.Claims;

public sealed class NoFailuresTests
{
    private static readonly Expectation Whole = NoFailures.Expect("no request fails", "default", "load", Phase.Names.Fault);

    private static readonly Expectation Kill = NoFailures.Expect(
        "no request fails", "default", "load idempotent", Phase.Names.Fault, Happening.Kinds.Killed, Happening.Kinds.FullStrength);

    [Theory]
    [InlineData(299, Verdict.Holds)]
    [InlineData(298, Verdict.Inconclusive)]
    [InlineData(0, Verdict.Inconclusive)]
    public void Holds_from_299_requests_on(int count, object verdict) => Runs.Of(Runs.Fault(count)).Check(Whole).Is((Verdict)verdict);

    [Fact]
    public void Says_how_many_would_be_enough() =>
        Assert.Equal(299, Runs.Of(Runs.Fault(12)).Check(Whole).Enough);

    [Fact]
    public void One_failure_violates_however_many_succeed() => Runs.Of(Runs.Fault(5000, 1)).Check(Whole).Is(Verdict.Violated, "1 × 502");

    [Fact]
    public void A_few_requests_suffice_to_violate() => Runs.Of(Runs.Fault(0, 1)).Check(Whole).Is(Verdict.Violated);

    [Theory]
    [InlineData(Fate.NotSent)]
    [InlineData(Fate.Refused)]
    [InlineData(Fate.Reset)]
    [InlineData(Fate.TimedOut)]
    [InlineData(Fate.Malformed)]
    public void What_was_not_answered_failed(object fate) =>
        Runs.Of(Runs.Fault(400, 1, at => Runs.Of((Fate)fate, at))).Check(Whole).Is(Verdict.Violated);

    [Fact]
    public void What_was_cut_off_counts_neither_way() =>
        Runs.Of(Runs.Fault(298, 50, at => Runs.Of(Fate.Cut, at))).Check(Whole).Is(Verdict.Inconclusive, "298");

    [Fact]
    public void Refusals_fail_unless_they_are_allowed()
    {
        var history = Runs.Of(Runs.Fault(299, 3, at => Runs.Shed(at)));
        history.Check(Whole).Is(Verdict.Violated, "3 × 503");
        history.Check(NoFailures.Expect("", "default", "load", Phase.Names.Fault, allowShed: true)).Is(Verdict.Holds);
        Runs.Of(Runs.Fault(0, 500, at => Runs.Shed(at))).Check(NoFailures.Expect("", "default", "load", Phase.Names.Fault, allowShed: true))
            .Is(Verdict.Inconclusive);
    }

    [Fact]
    public void A_503_of_the_application_itself_is_no_allowed_refusal() =>
        Runs.Of(Runs.Fault(400, 1, at => Histories.Failed(at, status: 503)))
            .Check(NoFailures.Expect("", "default", "load", Phase.Names.Fault, allowShed: true)).Is(Verdict.Violated);

    [Fact]
    public void Only_requests_between_the_kill_and_full_strength_are_exposed()
    {
        var history = Runs.Of(Runs.Spread(10, 30, 2000)).Seeing(Runs.At(12, "killed"), Runs.At(13, "full-strength"));
        var finding = history.Check(Kill);
        finding.Is(Verdict.Inconclusive, "100 exposed");
        Assert.Equal((100, 299), (finding.Samples, finding.Enough));
    }

    [Fact]
    public void Several_kills_add_up_and_overlapping_ones_count_once()
    {
        var history = Runs.Of(Runs.Spread(10, 30, 2000)).Seeing(
            Runs.At(12, "killed"), Runs.At(13, "killed"), Runs.At(14, "full-strength"), Runs.At(20, "killed"), Runs.At(21, "full-strength"));
        Assert.Equal(300, history.Check(Kill).Samples);
        history.Check(Kill).Is(Verdict.Holds);
    }

    [Fact]
    public void What_was_in_flight_at_the_kill_is_exposed()
    {
        var history = Runs.Of(Runs.Spread(11.5, 11.9, 299, Runs.Taking(1))).Seeing(Runs.At(12, "killed"), Runs.At(12.0001, "full-strength"));
        history.Check(Kill).Is(Verdict.Holds);
        Assert.Equal(299, history.Check(Kill).Samples);
        Assert.Equal(0, Runs.Of(Runs.Spread(11.5, 11.9, 299)).Seeing(Runs.At(12, "killed"), Runs.At(12.0001, "full-strength")).Check(Kill).Samples);
    }

    [Fact]
    public void Never_at_full_strength_again_exposes_the_rest_of_the_phase() =>
        Assert.Equal(1000, Runs.Of(Runs.Spread(10, 40, 3000)).Seeing(Runs.At(20, "killed")).Check(Kill).Samples);

    [Fact]
    public void A_failure_in_the_phase_violates_even_if_it_was_not_exposed() =>
        Runs.Of(Runs.Fault(2000, 1)).Seeing(Runs.At(12, "killed"), Runs.At(18, "full-strength")).Check(Kill).Is(Verdict.Violated, "1 that were not exposed");

    [Fact]
    public void Without_a_kill_nothing_was_exposed() => Runs.Of(Runs.Fault(2000)).Check(Kill).Is(Verdict.Inconclusive, "'killed' did not happen");

    [Fact]
    public void A_missing_phase_is_inconclusive() =>
        (Runs.Of(Runs.Fault(2000)) with { Phases = [] }).Check(Whole).Is(Verdict.Inconclusive, "no phase 'fault'");

    [Fact]
    public void Streams_that_are_not_there_are_inconclusive() =>
        Runs.Of(Runs.Fault(2000)).Check(NoFailures.Expect("", "default", "critical", Phase.Names.Fault)).Is(Verdict.Inconclusive, "no stream");

    [Fact]
    public void Starvation_excuses_no_failure() => Runs.Of(Runs.Fault(2000, 1)).Starved(20).Check(Whole).Is(Verdict.Violated);
}
