using Mainstay.Prove.Recording;
using Mainstay.Prove.Tests.Recording;
using Mainstay.Prove.Verdicts;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Tests.Verdicts.Claims;

/// <summary>Two routes: one promises 100 ms, the other 5 s.</summary>
public sealed class WithinObjectivesTests
{
    private const int Quick = 0;
    private const int Patient = 1;

    private static readonly Expectation Promise = WithinObjectives.Expect("within their objective", "default", "load", Phase.Names.Fault);

    [Fact]
    public void A_route_that_promises_little_does_not_speak_for_one_that_promises_much()
    {
        var slow = Of(Runs.Spread(10, 30, 300, Runs.Taking(0.2, Quick)), Runs.Spread(10, 30, 300, Runs.Taking(0.2, Patient)));
        slow.Check(Promise).Is(Verdict.Violated, "300 of 300 × GET / took longer than 100 ms, p99 200 ms");
    }

    [Fact]
    public void Nor_one_that_is_asked_often_for_one_that_is_asked_rarely() =>
        Of(Runs.Spread(10, 30, 20, Runs.Taking(0.2, Quick)), Runs.Spread(10, 30, 5000, Runs.Taking(0.001, Patient))).Check(Promise).Is(Verdict.Violated, "20 of 20 × GET /");

    [Fact]
    public void Each_is_asked_for_its_own() =>
        Of(Runs.Spread(10, 30, 200, Runs.Taking(0.05, Quick)), Runs.Spread(10, 30, 200, Runs.Taking(2, Patient))).Check(Promise).Is(Verdict.Holds, "0 of 400 requests");

    [Theory]
    [InlineData(200, 99, Verdict.Holds)]
    [InlineData(200, 98, Verdict.Inconclusive)]
    [InlineData(0, 0, Verdict.Inconclusive)]
    public void That_none_is_too_slow_all_show_together(int quick, int patient, object verdict) =>
        Of(Runs.Spread(10, 30, quick, Runs.Taking(0.05, Quick)), Runs.Spread(10, 30, patient, Runs.Taking(2, Patient))).Check(Promise).Is((Verdict)verdict);

    [Fact]
    public void Routes_that_promise_the_same_are_taken_together()
    {
        var alike = Runs.Of(Runs.Fault(489, 11, Runs.Taking(0.2, Patient))) with { Streams = [Stream("GET /", 0.1), Stream("GET /too", 0.1)] };
        alike.Check(Promise).Is(Verdict.Violated, "11 of 500 × GET /, GET /too took longer");
    }

    [Fact]
    public void Never_answered_is_too_slow() =>
        Of(Runs.Fault(400), Runs.Spread(20, 21, 20, at => Runs.Of(Fate.TimedOut, at, 0.01))).Check(Promise).Is(Verdict.Violated);

    [Fact]
    public void A_starved_machine_excuses_what_was_slow_meanwhile()
    {
        var slow = Of(Runs.Fault(400, 20, Runs.Taking(0.2)), []);
        slow.Starved(20).Check(Promise).Is(Verdict.Inconclusive, "other processes");
        slow.Starved(25).Check(Promise).Is(Verdict.Violated);
    }

    private static History Of(IEnumerable<Sample> quick, IEnumerable<Sample> patient) =>
        Runs.Of(quick.Concat(patient)) with { Streams = [Stream("GET /", 0.1), Stream("GET /report", 5)] };

    private static LoadStream Stream(string name, double seconds) => Histories.Get with { Name = name, LatencyP99Seconds = seconds };
}
