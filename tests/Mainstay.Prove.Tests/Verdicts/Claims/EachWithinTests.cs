using Mainstay.Prove.Recording;
using Mainstay.Prove.Tests.Recording;
using Mainstay.Prove.Verdicts;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Tests.Verdicts.Claims;

public sealed class EachWithinTests
{
    [Theory]
    [InlineData(1.0, Verdict.Holds)]
    [InlineData(1.1, Verdict.Holds)]
    [InlineData(1.101, Verdict.Violated)]
    public void Fifty_milliseconds_and_five_percent_are_tolerated(double seconds, object verdict) =>
        Runs.Of(Runs.Fault(400, 1, Runs.Taking(seconds))).Check(Each()).Is((Verdict)verdict);

    [Fact]
    public void Too_few_requests_are_inconclusive()
    {
        Runs.Of(Runs.Fault(298)).Check(Each()).Is(Verdict.Inconclusive, "299 would be enough");
        Runs.Of().Check(Each()).Is(Verdict.Inconclusive);
    }

    [Fact]
    public void A_failure_in_time_is_in_time() => Runs.Of(Runs.Fault(400, 5)).Check(Each()).Is(Verdict.Holds);

    [Fact]
    public void One_that_was_never_answered_must_have_been_given_up_in_time()
    {
        Runs.Of(Runs.Fault(400, 1, at => Runs.Of(Fate.TimedOut, at, 5))).Check(Each()).Is(Verdict.Violated);
        Runs.Of(Runs.Fault(400, 1, at => Runs.Of(Fate.Reset, at, 0.9))).Check(Each()).Is(Verdict.Holds);
        Runs.Of(Runs.Fault(400, 1, at => Runs.Of(Fate.Cut, at, 5))).Check(Each()).Is(Verdict.Violated);
    }

    [Fact]
    public void What_the_load_gave_up_before_says_nothing() =>
        Runs.Of(Runs.Fault(0, 500, at => Runs.Of(Fate.TimedOut, at, 0.5))).Check(Each()).Is(Verdict.Inconclusive, "only 0 requests");

    [Fact]
    public void The_head_counts_or_the_end()
    {
        var history = Runs.Of(Runs.Fault(400, 1, at => Histories.Good(at, 5 * Runs.Second) with { HeadAt = at + 100 }));
        history.Check(Each()).Is(Verdict.Holds);
        history.Check(EachWithin.Expect("", "default", "load", Phase.Names.Fault, 1, EachWithin.End)).Is(Verdict.Violated);
    }

    [Fact]
    public void Only_what_arrives_later_than_the_start_counts()
    {
        var expectation = EachWithin.Expect(
            "", "default", "load", Phase.Names.Fault, 1, startKind: Happening.Kinds.Frozen, startAfterSeconds: 3, endKind: Happening.Kinds.Thawed);
        var history = Runs.Of(Runs.Spread(12, 15, 300, Runs.Taking(2)).Concat(Runs.Spread(15, 22, 300)).Concat(Runs.Spread(22, 23, 10, Runs.Taking(2))));
        history.Seeing(Runs.At(12, "frozen"), Runs.At(22, "thawed")).Check(expectation).Is(Verdict.Holds);
        history.Seeing(Runs.At(11, "frozen"), Runs.At(22, "thawed")).Check(expectation).Is(Verdict.Violated);
        history.Check(expectation).Is(Verdict.Inconclusive, "'frozen' did not happen");
    }

    [Fact]
    public void Starved_time_is_not_counted()
    {
        var history = Runs.Of(Runs.Fault(400, 1, Runs.Taking(2)));
        history.Starved(20).Check(Each()).Is(Verdict.Inconclusive, "other processes");
        history.Starved(26).Check(Each()).Is(Verdict.Violated);
        Runs.Of(Runs.Fault(400, 1, Runs.Taking(8))).Starved(20).Check(Each()).Is(Verdict.Violated);
    }

    private static Expectation Each() => EachWithin.Expect("each in a second", "default", "load", Phase.Names.Fault, 1);
}
