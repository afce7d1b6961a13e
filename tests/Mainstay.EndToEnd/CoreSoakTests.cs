using Mainstay.Testing;
using Mainstay.Testing.Http;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>However often the core dies, the keeper stays as small as it was.</summary>
public sealed class CoreSoakTests
{
    private const long MiB = 1 << 20;

    [Fact]
    public async Task Descriptors_memory_and_processes_of_the_keeper_stay_flat_while_cores_die()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(2));
        var pause = TimeSpan.FromSeconds(Repeat.Full ? 5 : 1.5);
        // The first few warm up what is compiled only once.
        for (var i = 0; i < 3; i++)
            await DieAsync(run, pause);
        var (descriptors, memory, processes) = Cost(run);
        for (var i = 0; i < Repeat.Times(ci: 4, full: 120); i++)
            await DieAsync(run, pause);
        var after = Cost(run);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"descriptors {descriptors} → {after.Descriptors}, memory {memory / MiB} → {after.Memory / MiB} MiB (proportional), processes {processes} → {after.Processes}");
        Assert.InRange(after.Descriptors, 1, descriptors + 2);
        Assert.InRange(after.Memory, 1, Math.Min(40 * MiB, memory + (8 * MiB)));
        Assert.Equal(processes, after.Processes);
    }

    private static async Task DieAsync(MainstayRun run, TimeSpan pause)
    {
        Assert.True(Posix.Send(run.CorePid, Posix.SigKill));
        Assert.Equal(200, (await HttpConnection.OnceAsync(run.Port, new("GET", "/"))).Status);
        await Task.Delay(pause, TimeProvider.System);
    }

    private static (int Descriptors, long Memory, int Processes) Cost(MainstayRun run) =>
        (Directory.EnumerateFileSystemEntries($"/proc/{run.Program.Pid}/fd").Count(),
        ProcessTree.ProportionalMemory(run.Program.Pid),
        ProcessTree.Below(run.Program.Pid).Count);
}
