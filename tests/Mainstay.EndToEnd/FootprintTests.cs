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
        // The best of three: it says what Mainstay needs, the others what else the machine was doing. The first one also warms the file system's cache.
        var first = await FirstAnswerAsync(workspace);
        for (var i = 0; i < 2; i++)
            first = TimeSpan.FromTicks(Math.Min(first.Ticks, (await FirstAnswerAsync(workspace)).Ticks));
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(2));
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        var memory = run.Memory;
        TestContext.Current.TestOutputHelper?.WriteLine($"First 200 after {first.TotalSeconds:0.00} s; idle memory {memory >> 20} MiB");
        Assert.True(first <= TimeSpan.FromSeconds(3), $"The first 200 took {first.TotalSeconds:0.0} s.");
        Assert.InRange(memory, 1, 120L << 20);
    }

    private static async Task<TimeSpan> FirstAnswerAsync(Workspace workspace)
    {
        var start = Stopwatch.GetTimestamp();
        await using var run = MainstayRun.Launch(workspace, Counter.Manifest(2));
        await Eventually.True(() => AnswersAsync(run.Port), TimeSpan.FromSeconds(30), "the first 200", () => run.Program.Tail);
        return Stopwatch.GetElapsedTime(start);
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
