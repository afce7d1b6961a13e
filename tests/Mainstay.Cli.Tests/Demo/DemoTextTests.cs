using System.Collections.Immutable;
using Mainstay.Cli.Demo;
using Mainstay.Cli.Terminal;
using Mainstay.Prove.Storms;
using Mainstay.Prove.Storms.Counting;

namespace Mainstay.Cli.Tests.Demo;

public sealed class DemoTextTests
{
    private static readonly Storm Short = Storm.Of(TimeSpan.FromSeconds(10));

    [Fact]
    public void The_table_counts_each_contender_in_its_row()
    {
        var lines = Closing(Result("Mainstay", Good(0), Good(1)), Result("nginx + restart loop", Good(0), Good(1) with { Failed = 1234 }));
        Assert.Equal("                       good seconds   failed   slow   refused in time   POSTs twice", lines[1]);
        Assert.Equal("Mainstay                    2 of 10        0      0                 0             0", lines[2]);
        Assert.Equal("nginx + restart loop        1 of 10    1,234      0                 0             0", lines[3]);
    }

    [Fact]
    public void An_act_that_did_not_happen_and_a_late_load_are_said()
    {
        var result = Result("PM2 + nginx", Good(0)) with { Acts = [new(Short.Acts[0], 1, 1, "no worker was running that could be killed", Bit: false)], LagP99 = 0.2 };
        var lines = Closing(result);
        Assert.Contains("PM2 + nginx, kill: no worker was running that could be killed", lines);
        Assert.Contains("PM2 + nginx: the load itself was late by 200 ms at p99; the machine was too busy for a fair count", lines);
    }

    private static List<string> Closing(params StormResult[] results) => [.. new DemoText(new Style(colour: false)).Closing(Short, results)];

    private static StormResult Result(string name, params ImmutableArray<StormSecond> seconds) => new(name, seconds, [], new(0, 0), 0);

    private static StormSecond Good(int index) => new(index, 60, 60, 0, 0, 0);
}
