using Mainstay.Prove.Recording;
using Mainstay.Prove.Tests.Recording;
using Mainstay.Prove.Verdicts;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Tests.Verdicts.Claims;

public sealed class RecoveredWithinTests
{
    private static readonly Expectation Ten = RecoveredWithin.Expect("recovered in ten seconds", "default", "load", Happening.Kinds.FaultOff, 10);

    [Theory]
    [InlineData(10, Verdict.Holds)]
    [InlineData(10.1, Verdict.Violated)]
    [InlineData(15, Verdict.Violated)]
    [InlineData(0, Verdict.Holds)]
    public void Five_good_windows_must_begin_in_time(double badSeconds, object verdict) =>
        Off(Runs.Spread(30, 30 + badSeconds, (int)(badSeconds * 100), at => Histories.Failed(at)).Concat(Runs.Spread(30 + badSeconds, 60, 3000)))
            .Check(Ten).Is((Verdict)verdict);

    [Fact]
    public void Slow_is_not_recovered() =>
        Off(Runs.Spread(30, 45, 1500, Runs.Taking(1.5)).Concat(Runs.Spread(45, 60, 1500))).Check(Ten).Is(Verdict.Violated);

    [Fact]
    public void A_relapse_starts_over() =>
        Off(Runs.Spread(30, 60, 3000, at => at is > 33 * Runs.Second and < 35 * Runs.Second ? Histories.Failed(at) : Histories.Good(at)))
            .Check(Ten).Is(Verdict.Holds, "after 5 s");

    [Fact]
    public void The_last_start_counts() => Runs.Of(Runs.Spread(30, 41, 1100, at => Histories.Failed(at)).Concat(Runs.Spread(41, 60, 1900)))
        .Seeing(Runs.At(30, "fault-off"), Runs.At(35, "fault-off")).Check(Ten).Is(Verdict.Holds, "after 6 s");

    [Fact]
    public void Never_recovered_is_violated() => Off(Runs.Spread(30, 60, 3000, at => Histories.Failed(at))).Check(Ten).Is(Verdict.Violated, "not in the 30 s");

    [Fact]
    public void Watched_too_short_is_inconclusive() => Off(Runs.Spread(30, 34, 400)).Check(Ten).Is(Verdict.Inconclusive, "too early");

    [Fact]
    public void Gaps_in_the_load_are_inconclusive() =>
        Off(Runs.Spread(30, 33, 300).Concat(Runs.Spread(55, 58, 300))).Check(Ten).Is(Verdict.Inconclusive);

    [Fact]
    public void No_load_and_no_start_are_inconclusive()
    {
        Off(Runs.Spread(10, 20, 100)).Check(Ten).Is(Verdict.Inconclusive, "no requests");
        Runs.Of(Runs.Spread(30, 60, 100)).Check(Ten).Is(Verdict.Inconclusive, "did not happen");
    }

    [Fact]
    public void Starved_time_is_not_counted()
    {
        var history = Off(Runs.Spread(30, 41, 1100, Runs.Taking(1.5)).Concat(Runs.Spread(41, 60, 1900)));
        history.Check(Ten).Is(Verdict.Violated);
        history.Starved(35).Check(Ten).Is(Verdict.Inconclusive, "other processes");
    }

    [Fact]
    public void Each_start_is_judged_where_that_is_asked_for_and_the_worst_counts()
    {
        var each = RecoveredWithin.Expect("recovered each time", "default", "load", Happening.Kinds.Killed, 10, each: true);
        var late = Runs.Of(Runs.Spread(0, 12, 1200, at => Histories.Failed(at)).Concat(Runs.Spread(12, 60, 4800)))
            .Seeing(Runs.At(0, "killed"), Runs.At(20, "killed"), Runs.At(40, "killed"));
        late.Check(each).Is(Verdict.Violated, "after 'killed' at 0 ms five seconds on end must be within the objectives from 10 s on; they were after 12 s; the worst of 3");
        late.Check(Ten with { Words = each.Words }).Is(Verdict.Holds, "at 40 s");
        Assert.Equal(6000, late.Check(each).Samples);
        Runs.Of(Runs.Spread(0, 2, 200, at => Histories.Failed(at)).Concat(Runs.Spread(2, 60, 5800)))
            .Seeing(Runs.At(0, "killed"), Runs.At(20, "killed"), Runs.At(40, "killed")).Check(each).Is(Verdict.Holds, "after 2 s; the worst of 3");
    }

    [Fact]
    public void A_start_that_another_one_follows_too_soon_cannot_be_judged()
    {
        var each = RecoveredWithin.Expect("recovered each time", "default", "load", Happening.Kinds.Killed, 10, each: true);
        Runs.Of(Runs.Spread(30, 34, 400, at => Histories.Failed(at)).Concat(Runs.Spread(34, 60, 2600)))
            .Seeing(Runs.At(30, "killed"), Runs.At(33, "killed")).Check(each).Is(Verdict.Inconclusive, "ended too early to tell");
    }

    [Fact]
    public void What_the_next_start_cuts_short_says_nothing_of_the_one_before_unless_it_was_late_already()
    {
        var each = RecoveredWithin.Expect("recovered each time", "default", "load", Happening.Kinds.Killed, 10, each: true);
        Until(0.9).Check(each).Is(Verdict.Holds);
        Until(1.1).Check(each).Is(Verdict.Inconclusive);

        // Six seconds between two deaths; what is due so long before the second one is broken off by it.
        static History Until(double before) => Runs.Of(Runs.Spread(30, 60, 3000, at =>
                at >= (36 - before) * Runs.Second && at < 36 * Runs.Second ? Histories.Failed(at, (long)(36.01 * Runs.Second) - at) : Histories.Good(at)))
            .Seeing(Runs.At(30, "killed"), Runs.At(36, "killed"));
    }

    private static History Off(IEnumerable<Sample> samples) => Runs.Of(samples).Seeing(Runs.At(30, "fault-off"));
}
