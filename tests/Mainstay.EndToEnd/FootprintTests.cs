using System.Diagnostics;
using System.Net.Sockets;
using Mainstay.Testing;
using Mainstay.Testing.Http;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>What Mainstay itself costs.</summary>
public sealed class FootprintTests
{
    [Fact]
    public async Task The_first_200_comes_within_three_seconds_and_idle_memory_stays_below_120_MiB()
    {
        using var workspace = new Workspace();
        // Once before, so that the file system's cache is warm, as after any build.
        await using (await MainstayRun.StartAsync(workspace, Counter.Manifest(2)))
        {
        }
        var start = Stopwatch.GetTimestamp();
        await using var run = MainstayRun.Launch(workspace, Counter.Manifest(2));
        await Eventually.True(() => AnswersAsync(run.Port), TimeSpan.FromSeconds(30), "the first 200", () => run.Program.Tail);
        var took = Stopwatch.GetElapsedTime(start);
        await run.ReadyAsync();
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        var memory = ProcessTree.ProportionalMemory(run.Program.Pid);
        TestContext.Current.TestOutputHelper?.WriteLine($"First 200 after {took.TotalSeconds:0.00} s; idle memory {memory >> 20} MiB");
        Assert.True(took <= TimeSpan.FromSeconds(3), $"The first 200 took {took.TotalSeconds:0.0} s.");
        Assert.InRange(memory, 1, 120L << 20);
    }

    private static async Task<bool> AnswersAsync(int port)
    {
        try
        {
            return (await HttpConnection.OnceAsync(port, new("GET", "/"))).Status == 200;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            return false;
        }
    }
}
