using Mainstay.Prove.Experiments.Observing;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Tests.Experiments.Observing;

public sealed class SpokenWatchTests
{
    private readonly SpokenWatch _watch = new();

    [Theory]
    [InlineData("web-1 did not stop within its grace of 10 s and was killed", Kinds.StopFailed)]
    [InlineData("web-1 exited with code 3 when it was stopped", Kinds.StopFailed)]
    [InlineData("web-2 uses 470 MiB of its 512 MiB: being replaced", Kinds.ReplicaReplaced)]
    public void What_matters_is_recognised(string line, string kind)
    {
        var happening = _watch.Next(0, line);
        Assert.Equal(kind, happening?.Kind);
        Assert.StartsWith("web-", happening!.Subject, StringComparison.Ordinal);
    }

    [Fact]
    public void Other_lines_are_lines_like_others() => Assert.Null(_watch.Next(0, "web-1 ready on 127.0.0.1:20007 after 0.2 s"));

    [Fact]
    public void Pauses_that_grow_are_told_and_the_first_one_is_not()
    {
        Assert.Null(_watch.Next(0, "web-1 exited with code 3 before it was ready; trying again in 0.1 s"));
        Assert.Equal(Kinds.BackedOff, _watch.Next(0, "web-1 exited with code 3 before it was ready; trying again in 0.2 s")?.Kind);
        Assert.Equal(Kinds.BackedOff, _watch.Next(0, "web-1 is in a crash loop: exited with code 3, 5 times within a minute before it was ready; trying again every 10 s")?.Kind);
    }
}
