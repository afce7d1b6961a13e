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

    private static History Off(IEnumerable<Sample> samples) => Runs.Of(samples).Seeing(Runs.At(30, "fault-off"));
}
