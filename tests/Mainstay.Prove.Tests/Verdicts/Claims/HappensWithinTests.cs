using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Tests.Verdicts.Claims;

public sealed class HappensWithinTests
{
    private static readonly Expectation Strong =
        HappensWithin.Expect("back at strength", "default", Happening.Kinds.Killed, Happening.Kinds.FullStrength, 10);

    [Theory]
    [InlineData(22, Verdict.Holds)]
    [InlineData(22.001, Verdict.Violated)]
    public void The_limit_itself_is_in_time(double at, object verdict) =>
        Runs.Of().Seeing(Runs.At(12, "killed"), Runs.At(at, "full-strength")).Check(Strong).Is((Verdict)verdict);

    [Fact]
    public void The_worst_counts() => Runs.Of()
        .Seeing(Runs.At(12, "killed"), Runs.At(13, "full-strength"), Runs.At(20, "killed"), Runs.At(45, "full-strength"))
        .Check(Strong).Is(Verdict.Violated, "1 of 2 times");

    [Fact]
    public void Never_is_too_late() => Runs.Of().Seeing(Runs.At(12, "killed")).Check(Strong).Is(Verdict.Violated, "not at all");

    [Fact]
    public void What_happened_before_does_not_follow() =>
        Runs.Of().Seeing(Runs.At(11, "full-strength"), Runs.At(12, "killed")).Check(Strong).Is(Verdict.Violated);

    [Fact]
    public void An_experiment_that_ended_before_the_limit_cannot_tell() =>
        Runs.Of().Seeing(Runs.At(55, "killed")).Check(Strong).Is(Verdict.Inconclusive, "too early");

    [Fact]
    public void Without_a_start_nothing_can_be_said() => Runs.Of().Seeing(Runs.At(12, "full-strength")).Check(Strong).Is(Verdict.Inconclusive);

    [Fact]
    public void The_same_subject_may_be_asked_for()
    {
        var expectation = HappensWithin.Expect("", "default", Happening.Kinds.Killed, Happening.Kinds.ReplicaReady, 10, sameSubject: true);
        Runs.Of().Seeing(Runs.At(12, "killed", "web-1"), Runs.At(13, "replica-ready", "web-2")).Check(expectation).Is(Verdict.Violated);
        Runs.Of().Seeing(Runs.At(12, "killed", "web-1"), Runs.At(13, "replica-ready", "web-1")).Check(expectation).Is(Verdict.Holds);
    }

    [Fact]
    public void Starved_time_is_not_counted()
    {
        var history = Runs.Of().Seeing(Runs.At(12, "killed"), Runs.At(23, "full-strength"));
        history.Starved(15).Check(Strong).Is(Verdict.Inconclusive, "other processes");
        history.Starved(40).Check(Strong).Is(Verdict.Violated);
        Runs.Of().Seeing(Runs.At(12, "killed")).Starved(15).Check(Strong).Is(Verdict.Violated);
    }
}
