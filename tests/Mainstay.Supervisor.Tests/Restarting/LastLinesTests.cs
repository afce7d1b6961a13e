using Mainstay.Supervisor.Restarting;

namespace Mainstay.Supervisor.Tests.Restarting;

public sealed class LastLinesTests
{
    [Fact]
    public void Keeps_the_last_20_in_order_and_cuts_long_ones()
    {
        var lines = new LastLines();
        for (var i = 1; i <= 25; i++)
            lines.Add($"line {i}");
        lines.Add(new string('x', 60_000));
        var kept = lines.Snapshot();
        Assert.Equal(20, kept.Count);
        Assert.Equal("line 7", kept[0]);
        Assert.Equal(2049, kept[^1].Length);
    }
}
