using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>The short part of <c>bench/sabotage</c>: apps with one defect each, which <c>mainstay prove</c> must name, and nothing else, and leave nothing behind.</summary>
public sealed class SabotageTests
{
    [Fact]
    public async Task Each_defect_of_the_fast_selection_is_named()
    {
        if (!Tool.Exists("python3") || !Tool.Exists("node"))
            Assert.Skip("python3 and node are needed");
        using var suite = RunningProgram.Start(Path.Combine(MainstayRun.Root, "bench/sabotage/run"), ["--fast", "--program", MainstayRun.Executable], MainstayRun.Root);
        var code = await suite.ExitAsync(TimeSpan.FromMinutes(6));
        Assert.True(code == 0, suite.Tail);
        Assert.Contains(suite.Output, line => line.EndsWith("as expected, 0 not", StringComparison.Ordinal) && !line.StartsWith('0'));
    }
}
