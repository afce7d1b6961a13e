using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Tests.Verdicts.Claims;

public sealed class WritesKeptTests
{
    private static readonly Expectation Kept = WritesKept.Expect("no acknowledged write is lost", "routes.exercise");

    [Fact]
    public void What_is_read_again_is_kept() => Runs.Of().Seeing(Runs.At(40, "write-kept")).Check(Kept).Is(Verdict.Holds, "0 of 1 lost");

    [Fact]
    public void One_that_is_lost_is_enough() =>
        Runs.Of().Seeing(Runs.At(40, "write-kept"), Runs.At(41, "write-lost"), Runs.At(42, "write-unclear")).Check(Kept).Is(Verdict.Violated, "1 of 2 lost");

    [Fact]
    public void What_cannot_be_read_is_neither() =>
        Runs.Of().Seeing(Runs.At(40, "write-kept"), Runs.At(41, "write-unclear")).Check(Kept).Is(Verdict.Inconclusive);

    [Fact]
    public void Without_a_write_nothing_can_be_said() => Runs.Of().Check(Kept).Is(Verdict.Inconclusive, "no write");
}
