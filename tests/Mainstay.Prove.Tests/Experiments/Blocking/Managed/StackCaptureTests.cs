using Mainstay.Prove.Experiments.Blocking;
using Mainstay.Prove.Experiments.Blocking.Managed;
using Mainstay.Testing;
using Mainstay.Testing.Processes;

namespace Mainstay.Prove.Tests.Experiments.Blocking.Managed;

/// <summary>In this process: it is a .NET runtime, and lets itself be asked. All its threads are held up for each sample.</summary>
[Collection(Alone.Name)]
public sealed class StackCaptureTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ms-stacks-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_thread_of_the_pool_that_waits_is_named_with_its_line()
    {
        Assert.Equal(Environment.ProcessId, StackCapture.Find(Environment.ProcessId));
        using var release = new ManualResetEventSlim();
        var waiting = Task.Run(() => Held(release), TestContext.Current.CancellationToken);
        var file = Path.Combine(_folder, "stacks.nettrace");
        await StackCapture.RunAsync(Environment.ProcessId, file, TimeProvider.System, TestContext.Current.CancellationToken);
        release.Set();
        await waiting;
        var places = ManagedStacks.Read(file).Select(stack => CodePlace.Of(stack.Stack, Path.GetDirectoryName(SourceFile())!)).ToList();
        Assert.Contains(places, place => place is not null
            && place.StartsWith("ManualResetEventSlim.Wait, called by StackCaptureTests.Held (StackCaptureTests.cs:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_a_process_that_is_none_it_is_said_that_it_does_not_tell()
    {
        Assert.Null(StackCapture.Find(int.MaxValue));
        await Assert.ThrowsAsync<StackCaptureException>(
            () => StackCapture.RunAsync(int.MaxValue, Path.Combine(_folder, "none"), TimeProvider.System, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_runtime_that_has_a_temporary_folder_of_its_own_is_found_and_asked_there()
    {
        // These tests once more, waiting to be debugged: a .NET program that runs until it is ended.
        using var program = RunningProgram.Start(
            "dotnet", [typeof(StackCaptureTests).Assembly.Location, "-waitForDebugger"], "/", new Dictionary<string, string> { ["TMPDIR"] = _folder });
        await Eventually.True(() => StackCapture.Find(program.Pid) == program.Pid, TimeSpan.FromSeconds(20), "it is found", () => program.Tail);
        var file = Path.Combine(_folder, "stacks.nettrace");
        await StackCapture.RunAsync(program.Pid, file, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.True(new FileInfo(file).Length > 1000);
        Assert.False(program.HasExited, program.Tail);
    }

    private static void Held(ManualResetEventSlim release) => release.Wait(TimeSpan.FromSeconds(60));

    private static string SourceFile([System.Runtime.CompilerServices.CallerFilePath] string file = "") => file;
}
