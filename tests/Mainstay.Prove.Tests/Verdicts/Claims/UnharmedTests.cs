using Mainstay.Prove.Recording;
using Mainstay.Prove.Tests.Recording;
using Mainstay.Prove.Verdicts;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Tests.Verdicts.Claims;

public sealed class UnharmedTests
{
    private static readonly Expectation Expected = Unharmed.Expect("the others are unharmed", "default", "load");

    [Theory]
    [InlineData(0.1, Verdict.Holds)]
    [InlineData(0.125, Verdict.Holds)]
    [InlineData(0.126, Verdict.Violated)]
    [InlineData(1.0, Verdict.Violated)]
    public void A_quarter_slower_is_tolerated(double seconds, object verdict) => Compare(0.1, Runs.Taking(seconds)).Check(Expected).Is((Verdict)verdict);

    [Theory]
    [InlineData(0.0059, Verdict.Holds)]
    [InlineData(0.0061, Verdict.Violated)]
    public void Five_milliseconds_more_are_tolerated_of_a_fast_one(double seconds, object verdict) =>
        Compare(0.001, Runs.Taking(seconds)).Check(Expected).Is((Verdict)verdict);

    [Fact]
    public void The_median_of_the_windows_counts() =>
        Compare(0.001, at => Histories.Good(at, at / Runs.Second % 5 == 0 ? 900_000 : 1000)).Check(Expected).Is(Verdict.Holds, "4 of 20 windows");

    [Fact]
    public void Half_of_the_windows_above_is_too_close_to_tell() =>
        Compare(0.001, at => Histories.Good(at, at / Runs.Second % 2 == 0 ? 900_000 : 1000)).Check(Expected).Is(Verdict.Inconclusive, "too close");

    [Fact]
    public void Failures_above_the_objective_harm() =>
        Compare(0.001, at => at % (50 * 5000) == 0 ? Histories.Failed(at) : Histories.Good(at)).Check(Expected).Is(Verdict.Violated, "failed");

    [Fact]
    public void None_that_failed_and_shown_to_be_below_one_percent_is_no_harm() =>
        Runs.Of(Runs.Spread(0, 10, 1000).Concat(Runs.Spread(10, 30, 2000))).Check(Expected).Is(Verdict.Holds, "0 of 2,000");

    [Fact]
    public void A_few_that_failed_beyond_the_objective_are_too_close_to_tell() =>
        Compare(0.001, at => at is 10_000_000 or 15_000_000 or 20_000_000 or 25_000_000 or 28_000_000 ? Histories.Failed(at) : Histories.Good(at)).Check(Expected).Is(Verdict.Inconclusive, "too few");

    [Fact]
    public void Too_few_windows_are_inconclusive()
    {
        Runs.Of(Runs.Spread(0, 10, 400).Concat(Runs.Spread(10, 30, 4000))).Check(Expected).Is(Verdict.Inconclusive, "too few");
        Runs.Of(Runs.Spread(10, 30, 4000)).Check(Expected).Is(Verdict.Inconclusive);
        Runs.Of(Runs.Spread(0, 10, 1000)).Check(Expected).Is(Verdict.Inconclusive);
    }

    [Fact]
    public void Each_stream_is_compared_with_itself()
    {
        var history = Runs.Of(
            Runs.Spread(0, 10, 1000, Runs.Taking(0.5)).Concat(Runs.Spread(10, 30, 4000, Runs.Taking(0.5)))
                .Concat(Runs.Spread(0, 10, 1000, Runs.Taking(0.001, 1))).Concat(Runs.Spread(10, 30, 4000, Runs.Taking(0.1, 1))))
            with
        { Streams = [Histories.Get, Histories.Get with { Name = "GET /quick" }] };
        history.Check(Expected).Is(Verdict.Violated, "GET /quick");
    }

    [Fact]
    public void Starved_windows_are_excused()
    {
        var history = Compare(0.001, at => Histories.Good(at, at < 26 * Runs.Second ? 900_000 : 1000));
        history.Check(Expected).Is(Verdict.Violated);
        history.Starved([.. Enumerable.Range(10, 16)]).Check(Expected).Is(Verdict.Inconclusive, "other processes");
    }

    [Fact]
    public void Phases_that_are_missing_are_inconclusive() =>
        (Compare(0.001, Runs.Taking(0.001)) with { Phases = [] }).Check(Expected).Is(Verdict.Inconclusive, "no phase 'baseline'");

    private static History Compare(double before, Func<long, Sample> during) =>
        Runs.Of(Runs.Spread(0, 10, 2000, Runs.Taking(before)).Concat(Runs.Spread(10, 30, 4000, during)));
}
