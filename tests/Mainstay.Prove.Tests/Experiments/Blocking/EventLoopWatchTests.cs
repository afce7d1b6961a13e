using System.Diagnostics;
using Mainstay.Prove.Experiments.Blocking;

namespace Mainstay.Prove.Tests.Experiments.Blocking;

/// <summary>In a real Node.js, which blocks for 300 ms and ends by itself.</summary>
public sealed class EventLoopWatchTests : IDisposable
{
    private const string Application = """
        function spin(until) { while (Date.now() < until); }
        setTimeout(() => spin(Date.now() + 1000), 500);
        setTimeout(() => { console.log(process.title); }, 2500);
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("ms watch ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_block_is_seen_with_its_stack_and_the_application_is_as_it_was()
    {
        File.WriteAllText(Path.Combine(_folder, "app.js"), Application);
        var watch = EventLoopWatch.Install(Path.Combine(_folder, "watching"));
        var service = watch.Under(Specs.Read("services: { web: { command: node app.js } }").Services[0], TimeSpan.FromMilliseconds(50));
        // Its own options are kept, and it ends when it has nothing more to do.
        Assert.Equal("kept\n", await RunAsync([.. service.Command]));

        var log = Assert.Single(watch.Read());
        Assert.Equal("web-1", log.Replica);
        Assert.Empty(log.Troubles);
        Assert.True(log.Beats(0, long.MaxValue) > 10, $"{log.Beats(0, long.MaxValue)} beats");
        var block = log.Blocks.First(block => !block.Stack.IsEmpty);
        Assert.InRange(block.Seconds, 0.2, 5);
        Assert.Equal("spin (app.js:1)", CodePlace.Of(block.Stack, _folder));
    }

    [Fact]
    public async Task Another_program_runs_as_without_it() =>
        Assert.Equal("web-1\n", await RunAsync([.. EventLoopWatch.Install(Path.Combine(_folder, "watching"))
            .Under(Specs.Read("""services: { web: { command: [sh, -c, "echo $MAINSTAY_REPLICA"] } }""").Services[0], TimeSpan.FromMilliseconds(50)).Command]));

    private async Task<string> RunAsync(string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = _folder, RedirectStandardOutput = true };
        start.Environment["MAINSTAY_REPLICA"] = "web-1";
        start.Environment["NODE_OPTIONS"] = "--title=kept";
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var output = await process.StandardOutput.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return output;
    }
}
