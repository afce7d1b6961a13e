using Mainstay.Prove.Recording;
using Mainstay.Prove.Tests.Recording;
using Mainstay.Prove.Verdicts;
using Mainstay.Prove.Verdicts.Claims;
using Mainstay.Testing;

namespace Mainstay.Prove.Tests.Verdicts;

public sealed class JudgeTests
{
    private static readonly Expectation Whole = NoFailures.Expect("no request fails", "default", "load", Phase.Names.Fault);
    private static readonly Expectation Bite = Happens.Expect("the fault bit", "default", Happening.Kinds.Bit, evidence: true);
    private static readonly Expectation NoKill = NeverHappens.Expect("none is killed", "default", Happening.Kinds.StopFailed);
    private static readonly Expectation Kept = NumberAtMost.Expect("no restart", "default", Happening.Kinds.Restarted, "restarts", 0);
    private static readonly Happening Bitten = Runs.At(12, Happening.Kinds.Bit);

    [Fact]
    public void All_that_is_expected_and_met_holds()
    {
        var judgement = Judge.Of(Fit(Runs.Fault(400)).With(Bite, Whole, NoKill).Seeing(Bitten));
        Assert.Equal((Verdict.Holds, "no-failures", "0 of 400 failed"), (judgement.Verdict, judgement.Deciding.Claim, judgement.Deciding.Number));
        Assert.All(judgement.Findings, finding => Assert.Equal(Verdict.Holds, finding.Verdict));
    }

    [Fact]
    public void The_worst_finding_counts()
    {
        Assert.Equal(Verdict.Violated, Judge.Of(Fit(Runs.Fault(200, 1)).With(Whole, NoKill)).Verdict);
        Assert.Equal(Verdict.Inconclusive, Judge.Of(Fit(Runs.Fault(200)).With(Whole, NoKill)).Verdict);
        Assert.Equal(
            Verdict.Violated, Judge.Of(Fit(Runs.Fault(200)).With(Whole, NoKill).Seeing(Runs.At(20, Happening.Kinds.StopFailed))).Verdict);
    }

    [Fact]
    public void No_samples_never_pass()
    {
        var judgement = Judge.Of(Runs.Of().With(NoKill));
        Assert.Equal((Verdict.Inconclusive, "samples"), (judgement.Verdict, judgement.Deciding.Claim));
        Assert.False(Judge.WorthExtending(judgement));
    }

    [Fact]
    public void Samples_that_were_all_cut_off_are_none() =>
        Assert.Equal(Verdict.Inconclusive, Judge.Of(Runs.Of(Runs.Spread(1, 29, 500, at => Runs.Of(Fate.Cut, at))).With(NoKill)).Verdict);

    [Fact]
    public void No_promise_never_passes() => Assert.Equal("promises", Judge.Of(Fit(Runs.Fault(400)).With(Bite).Seeing(Bitten)).Deciding.Claim);

    [Fact]
    public void An_unknown_claim_is_inconclusive() =>
        Assert.Equal(Verdict.Inconclusive, Judge.Of(Fit(Runs.Fault(400)).With(Whole, Terms.New("magic", "", ""))).Verdict);

    [Fact]
    public void A_claim_without_its_bounds_is_inconclusive()
    {
        var judgement = Judge.Of(Fit(Runs.Fault(400)).With(Terms.New(NoFailures.Name, "", "")));
        Assert.Equal(Verdict.Inconclusive, judgement.Verdict);
        Assert.Contains("lacks its word 'phase'", judgement.Deciding.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checker_that_throws_is_inconclusive()
    {
        var broken = Fit(Runs.Fault(400)).With(Whole);
        var judgement = Judge.Of(broken with { Samples = broken.Samples.SetItem(500, broken.Samples[500] with { Stream = 9 }) });
        Assert.Equal(Verdict.Inconclusive, judgement.Verdict);
        Assert.Contains(judgement.Findings, finding => finding.Claim == NoFailures.Name && finding.Reason.Contains("the check failed", StringComparison.Ordinal));
    }

    [Fact]
    public void A_fault_that_did_not_bite_makes_a_pass_and_a_failure_inconclusive()
    {
        Assert.Contains("not seen to bite", Judge.Of(Fit(Runs.Fault(400)).With(Bite, Whole)).Deciding.Reason, StringComparison.Ordinal);
        Assert.Equal(Verdict.Inconclusive, Judge.Of(Fit(Runs.Fault(400, 3)).With(Bite, Whole)).Verdict);
    }

    [Fact]
    public void What_a_missing_bite_cannot_explain_stays_violated()
    {
        var killed = Judge.Of(Fit(Runs.Fault(400)).With(Bite, Whole, NoKill).Seeing(Runs.At(20, Happening.Kinds.StopFailed)));
        Assert.Equal((Verdict.Violated, NeverHappens.Name), (killed.Verdict, killed.Deciding.Claim));
        Assert.Equal(
            Verdict.Violated, Judge.Of(Fit(Runs.Fault(400)).With(Bite, Kept).Seeing(Runs.At(20, Happening.Kinds.Restarted, "web", ("restarts", 1)))).Verdict);
        var deed = NoFailures.Expect("", "default", "load", Phase.Names.Fault, Happening.Kinds.Killed, Happening.Kinds.FullStrength);
        Assert.Equal(Verdict.Violated, Judge.Of(Fit(Runs.Fault(400, 3)).With(Bite, deed).Seeing(Runs.At(19, "killed"), Runs.At(22, "full-strength"))).Verdict);
    }

    [Fact]
    public void A_baseline_outside_its_objective_explains_failures_but_not_a_kill()
    {
        var samples = Runs.Spread(0, 10, 400).Concat(Runs.Spread(1, 9, 20, at => Histories.Failed(at))).Concat(Runs.Fault(400, 1));
        Assert.Equal("baseline-fit", Judge.Of(Runs.Of(samples).With(Whole)).Deciding.Claim);
        Assert.Equal(Verdict.Violated, Judge.Of(Runs.Of(samples).With(NoKill).Seeing(Runs.At(20, Happening.Kinds.StopFailed))).Verdict);
    }

    [Fact]
    public void A_slow_baseline_is_outside_too() =>
        Assert.Equal("baseline-fit", Judge.Of(Runs.Of(Runs.Spread(0, 10, 400, Runs.Taking(1.5)).Concat(Runs.Fault(400))).With(Whole)).Deciding.Claim);

    [Fact]
    public void The_baseline_does_not_excuse_itself()
    {
        var history = Runs.Of(Runs.Spread(0, 10, 400).Concat(Runs.Spread(1, 9, 20, at => Histories.Failed(at))))
            .With(FailureRate.Expect("", "routes[0].objectives", "#0", Phase.Names.Baseline, 0.001));
        Assert.Equal((Verdict.Violated, FailureRate.Name), (Judge.Of(history).Verdict, Judge.Of(history).Deciding.Claim));
    }

    [Fact]
    public void A_load_behind_its_schedule_explains_lateness_but_no_answer()
    {
        static Sample Lagging(long at) => Histories.Good(at) with { BegunAt = at + 100_000, SentAt = at + 100_000, EndedAt = at + 200_000 };
        var late = Runs.Spread(10, 30, 400, Lagging).ToList();
        Assert.Equal("schedule-kept", Judge.Of(Fit(late).With(Whole)).Deciding.Claim);
        Assert.Equal(Verdict.Violated, Judge.Of(Fit(late.Append(Histories.Failed(20 * Runs.Second))).With(Whole)).Verdict);
        Assert.Equal(Verdict.Inconclusive, Judge.Of(Fit(late.Append(Runs.Of(Fate.NotSent, 20 * Runs.Second))).With(Whole)).Verdict);
    }

    [Fact]
    public void To_wait_for_a_connection_is_not_to_be_behind_the_schedule()
    {
        static Sample Waiting(long at) => Histories.Good(at) with { BegunAt = at, SentAt = at + 900_000, EndedAt = at + 950_000 };
        Assert.Equal(Verdict.Violated, Judge.Of(Fit(Runs.Spread(10, 30, 400, Waiting)).With(Latency(0.5))).Verdict);
    }

    [Fact]
    public void A_load_just_within_its_schedule_is_fit()
    {
        static Sample Lagging(long at) => Histories.Good(at, 100_000) with { BegunAt = at + 50_000, SentAt = at + 50_000 };
        Assert.Equal(Verdict.Holds, Judge.Of(Fit(Runs.Spread(10, 30, 400, Lagging)).With(Whole)).Verdict);
    }

    [Fact]
    public void Trouble_of_the_experiment_makes_it_inconclusive()
    {
        var trouble = Runs.At(20, Happening.Kinds.Trouble);
        Assert.Equal("no-trouble", Judge.Of(Fit(Runs.Fault(400, 3)).With(Whole).Seeing(trouble)).Deciding.Claim);
        Assert.Equal(Verdict.Violated, Judge.Of(Fit(Runs.Fault(400)).With(NoKill).Seeing(trouble, Runs.At(21, Happening.Kinds.StopFailed))).Verdict);
        Assert.Equal(
            Verdict.Inconclusive,
            Judge.Of(Fit(Runs.Fault(400)).With(Kept).Seeing(trouble, Runs.At(21, Happening.Kinds.Restarted, "web", ("restarts", 1)))).Verdict);
    }

    [Fact]
    public void An_unsteady_beginning_explains_lateness_but_no_bad_answer()
    {
        static History Unsteady(IEnumerable<Sample> samples) =>
            Fit(samples) is var history ? history with { Phases = history.Phases.Insert(0, new(Phase.Names.WarmUp, -20 * Runs.Second, 0)) } : history;
        var unsteady = Runs.At(0, Happening.Kinds.Unsteady);
        var rate = FailureRate.Expect("", "default", "load", Phase.Names.Fault, 0.001);
        Assert.Equal(Verdict.Holds, Judge.Of(Unsteady(Runs.Fault(4000)).With(rate)).Verdict);
        Assert.Equal("steady", Judge.Of(Unsteady(Runs.Fault(4000)).With(rate).Seeing(unsteady)).Deciding.Claim);
        Assert.Equal(Verdict.Violated, Judge.Of(Unsteady(Runs.Fault(400, 40)).With(rate).Seeing(unsteady)).Verdict);
        Assert.Equal(Verdict.Inconclusive, Judge.Of(Unsteady(Runs.Fault(400, 40, at => Runs.Of(Fate.NotSent, at))).With(rate).Seeing(unsteady)).Verdict);
        Assert.Equal(Verdict.Inconclusive, Judge.Of(Unsteady(Runs.Fault(400, 40, Runs.Taking(0.2))).With(Latency(0.1)).Seeing(unsteady)).Verdict);
    }

    [Fact]
    public void More_load_is_worth_it_where_only_requests_are_missing()
    {
        Assert.True(Judge.WorthExtending(Judge.Of(Fit(Runs.Fault(200)).With(Bite, Whole, NoKill).Seeing(Bitten))));
        Assert.False(Judge.WorthExtending(Judge.Of(Fit(Runs.Fault(200)).With(Bite, Whole))));
        Assert.False(Judge.WorthExtending(Judge.Of(Fit(Runs.Fault(200)).With(Whole, Kept))));
        Assert.False(Judge.WorthExtending(Judge.Of(Fit(Runs.Fault(400)).With(Whole))));
        Assert.False(Judge.WorthExtending(Judge.Of(Fit(Runs.Fault(200, 1)).With(Whole))));
    }

    [Fact]
    public void The_same_history_is_judged_the_same_also_when_it_comes_from_disk()
    {
        using var files = new Workspace();
        var history = Fit(Runs.Fault(400, 2)).With(Bite, Whole, NoKill, Unharmed.Expect("", "default", "load"), Latency(0.1)).Seeing(Bitten) with { Looks = 2 };
        HistoryFolder.Save(files.Path, history);
        var first = Judge.Of(history);
        Assert.Equal(first.Findings, Judge.Of(history).Findings);
        Assert.Equal(first.Findings, Judge.Of(Assert.Single(HistoryFolder.Load(files.Path))).Findings);
        Assert.Equal(0.975, Mainstay.Prove.Verdicts.Statistics.Confidence.Of(Assert.Single(HistoryFolder.Load(files.Path))));
    }

    [Fact]
    public void One_weak_violation_among_many_tests_is_withdrawn_and_a_strong_one_stays()
    {
        var weak = Fit(Runs.Fault(490, 11, Runs.Taking(0.2))).With(Latency(0.1));
        var strong = Fit(Runs.Fault(300, 200, Runs.Taking(0.2))).With(Latency(0.1));
        var fine = Fit(Runs.Fault(500)).With(Latency(0.1));
        Assert.Equal(Verdict.Violated, Judge.Of(weak).Verdict);
        Assert.Equal([Verdict.Violated], Judge.All([weak]).Select(one => one.Judgement.Verdict));
        Assert.Equal(
            [Verdict.Inconclusive, Verdict.Violated, Verdict.Holds, Verdict.Holds, Verdict.Holds],
            Judge.All([weak, strong, fine, fine, fine]).Select(one => one.Judgement.Verdict));
    }

    [Fact]
    public void A_certain_violation_needs_no_correction()
    {
        var fine = Fit(Runs.Fault(500)).With(Latency(0.1));
        var broken = Fit(Runs.Fault(500, 1)).With(Whole);
        Assert.Equal(Verdict.Violated, Judge.All([broken, fine, fine, fine, fine])[0].Judgement.Verdict);
    }

    [Fact]
    public void Of_no_histories_comes_nothing() => Assert.Empty(Judge.All([]));

    private static Expectation Latency(double seconds) => LatencyQuantile.Expect("", "default", "load", Phase.Names.Fault, 0.99, seconds);

    private static History Fit(IEnumerable<Sample> samples) => Runs.Of(Runs.Spread(0, 10, 400).Concat(samples));
}
