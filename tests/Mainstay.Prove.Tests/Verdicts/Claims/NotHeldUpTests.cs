using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Tests.Verdicts.Claims;

/// <summary>The objective of the route is 1 s.</summary>
public sealed class NotHeldUpTests
{
    private static readonly Expectation Promise = NotHeldUp.Expect("nobody is held up", "default", "load", Phase.Names.Fault);

    private static readonly Happening[] Blocks =
    [
        Runs.At(20, Kinds.Blocked, "web-1", ("seconds", 1.5)),
        Runs.At(22, Kinds.CodeNamed, "web", ("seconds", 1.5)) with { Text = "spin (app.js:2)" },
    ];

    [Theory]
    [InlineData(299, 0, Verdict.Holds)]
    [InlineData(298, 0, Verdict.Inconclusive)]
    [InlineData(489, 11, Verdict.Violated)]
    [InlineData(12, 3, Verdict.Violated)]
    [InlineData(0, 0, Verdict.Inconclusive)]
    public void One_in_a_hundred_may_be_late_because_of_it(int quick, int late, object verdict) => Late(quick, late).Seeing(Blocks).Check(Promise).Is((Verdict)verdict);

    [Fact]
    public void The_code_is_named_and_the_replica() =>
        Late(12, 3).Seeing(Blocks).Check(Promise).Is(Verdict.Violated, "web-1 stood still once, up to 1.5 s, in spin (app.js:2)");

    [Fact]
    public void Where_the_code_is_not_known_that_is_said() => Late(12, 3)
        .Seeing(Blocks[0], Runs.At(22, Kinds.CodeNotNamed) with { Text = "the code is not named" }).Check(Promise).Is(Verdict.Violated, "(the code is not named)");

    [Fact]
    public void Slow_requests_are_not_held_up_when_nothing_stood_still() => Late(489, 11).Check(Promise).Is(Verdict.Holds, "no replica stood still");

    [Fact]
    public void Nor_when_it_stood_still_for_less_than_half_of_their_time() =>
        Late(489, 11).Seeing(Runs.At(20.5, Kinds.Blocked, "web-1", ("seconds", 0.4))).Check(Promise).Is(Verdict.Holds);

    [Fact]
    public void Standing_still_that_makes_nobody_late_is_no_violation() => Runs.Of(Runs.Fault(299)).Seeing(Blocks).Check(Promise).Is(Verdict.Holds, "stood still once");

    [Fact]
    public void A_starved_machine_excuses_it() => Late(489, 11).Seeing(Blocks).Starved(20).Check(Promise).Is(Verdict.Inconclusive, "other processes");

    [Fact]
    public void A_load_that_was_sent_too_late_may_explain_it() =>
        Assert.NotEqual(Prove.Verdicts.Conditions.Unfit.None, Runs.Of(Runs.Fault(12, 3, at => Runs.Taking(1.2)(at) with { BegunAt = at + 900_000, SentAt = at + 900_000 })).Seeing(Blocks).Check(Promise).ExplainedBy);

    [Fact]
    public void Trouble_or_a_baseline_do_not_explain_it() =>
        Assert.Equal(Prove.Verdicts.Conditions.Unfit.None, Late(12, 3).Seeing(Blocks).Check(Promise).ExplainedBy);

    private static History Late(int quick, int late) => Runs.Of(Runs.Fault(quick, late, Runs.Taking(1.2)));
}
