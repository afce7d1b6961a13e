using Mainstay.Prove.Experiments.Blocking;

namespace Mainstay.Prove.Tests.Experiments.Blocking;

public sealed class WatchLogTests
{
    [Fact]
    public void A_block_that_was_told_again_while_it_lasted_is_one()
    {
        var log = Parse(
            """{"kind":"block","at":7000,"seconds":0.2,"ran":0.1,"waited":0,"stack":null}""",
            """{"kind":"block","at":7000,"seconds":0.5,"ran":0.4,"waited":0,"stack":[{"function":"spin","url":"file:///app.js","line":3}]}""");
        var block = Assert.Single(log.Blocks);
        Assert.Equal((7000, 507_000, 0.4), (block.From, block.To, block.Ran));
        Assert.Equal(new StackFrame("spin", "file:///app.js", 3), Assert.Single(block.Stack));
    }

    [Fact]
    public void Beats_are_counted_from_one_moment_to_another()
    {
        var log = Parse(
            """{"kind":"begins","at":0,"node":"v20.20.2","limit":0.05}""", """{"kind":"watches","at":1000,"beats":40}""",
            """{"kind":"watches","at":2000,"beats":80}""", """{"kind":"watches","at":3000,"beats":115}""");
        Assert.Equal(75, log.Beats(1000, 3000));
        Assert.Equal(35, log.Beats(1500, 9000));
        Assert.Equal(0, log.Beats(2500, 9000));
    }

    [Fact]
    public void Troubles_are_kept_and_what_is_cut_short_is_passed_over()
    {
        var log = Parse("""{"kind":"trouble","text":"no inspector"}""", """{"kind":"watches","at":1""", "");
        Assert.Equal("no inspector", Assert.Single(log.Troubles));
        Assert.Empty(log.Seconds);
    }

    private static WatchLog Parse(params string[] lines) => WatchLog.Parse("web-1", lines);
}
