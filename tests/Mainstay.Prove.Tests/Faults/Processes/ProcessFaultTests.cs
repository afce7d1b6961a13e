using System.Diagnostics;
using Mainstay.Prove.Faults.Processes;
using Mainstay.Testing;
using Mainstay.Testing.Processes;
using Posix = Mainstay.Testing.Processes.Posix;

namespace Mainstay.Prove.Tests.Faults.Processes;

public sealed class ProcessFaultTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private static RunningProgram Tree() => RunningProgram.Start("/bin/sh", ["-c", "sleep 100 & sleep 100 & wait"], "/");

    private static async Task<ProcessId> ReadyAsync(RunningProgram program)
    {
        await Eventually.True(() => ProcessTree.Below(program.Pid).Count == 2, Soon, "the tree stands");
        return ProcessId.Find(program.Pid)!.Value;
    }

    [Fact]
    public async Task A_freeze_stops_the_whole_tree_and_lets_it_go_on()
    {
        using var program = Tree();
        var root = await ReadyAsync(program);
        await using var guard = UndoGuard.Start();
        var freezing = Freeze.RunAsync(new(root, WholeTree: true), TimeSpan.FromMilliseconds(400), guard, TimeProvider.System, default);
        await Eventually.True(() => root.Tree().All(process => process.IsStopped), Soon, "all are stopped");
        var evidence = await freezing;
        Assert.True(evidence.Bit);
        Assert.Equal(3, evidence.Pids.Length);
        Assert.Equal(program.Pid, evidence.Pids[0]);
        Assert.InRange(evidence.Frozen.TotalMilliseconds, 395, 1000);
        Assert.DoesNotContain(root.Tree(), process => process.IsStopped);
    }

    [Fact]
    public async Task A_freeze_of_one_spares_the_others_and_ends_early_when_cancelled()
    {
        using var program = Tree();
        var root = await ReadyAsync(program);
        await using var guard = UndoGuard.Start();
        using var cancel = new CancellationTokenSource();
        var freezing = Freeze.RunAsync(new(root, WholeTree: false), TimeSpan.FromMinutes(5), guard, TimeProvider.System, cancel.Token);
        await Eventually.True(() => root.IsStopped, Soon, "it is stopped");
        Assert.Single(root.Tree(), process => process.IsStopped);
        await cancel.CancelAsync();
        var evidence = await freezing.WaitAsync(Soon, TimeProvider.System);
        Assert.True(evidence.Bit);
        Assert.False(root.IsStopped);
    }

    [Fact]
    public async Task What_is_ended_while_it_is_frozen_stood_still_and_what_somebody_lets_go_on_did_not()
    {
        Assert.True(await BitAsync(Posix.SigKill, root => !root.IsAlive));
        Assert.False(await BitAsync(Posix.Continue, root => !root.IsStopped));

        static async Task<bool> BitAsync(int signal, Func<ProcessId, bool> isDone)
        {
            using var program = Tree();
            var root = await ReadyAsync(program);
            await using var guard = UndoGuard.Start();
            using var cancel = new CancellationTokenSource();
            // Stopped before, so that it is seen to be at the first look.
            root.Signal(Posix.Stop);
            await Eventually.True(() => root.IsStopped, Soon, "it is stopped");
            var freezing = Freeze.RunAsync(new(root, WholeTree: false), TimeSpan.FromMinutes(5), guard, TimeProvider.System, cancel.Token);
            root.Signal(signal);
            await Eventually.True(() => isDone(root), Soon, "it is not stopped any more");
            await cancel.CancelAsync();
            return (await freezing.WaitAsync(Soon, TimeProvider.System)).Bit;
        }
    }

    [Fact]
    public async Task A_kill_is_seen()
    {
        using var program = Tree();
        var root = await ReadyAsync(program);
        var tree = root.Tree();
        var evidence = await Kill.RunAsync(new(root, WholeTree: true), TimeProvider.System);
        Assert.True(evidence.Bit);
        Assert.Equal(3, evidence.Pids.Length);
        Assert.DoesNotContain(tree, process => process.IsAlive);
        Assert.Equal($"SIGKILL to {string.Join(", ", evidence.Pids)}", evidence.What);
    }

    [Fact]
    public async Task Frozen_first_then_killed()
    {
        using var program = Tree();
        var root = await ReadyAsync(program);
        await using var guard = UndoGuard.Start();
        var start = Stopwatch.GetTimestamp();
        var evidence = await FreezeThenKill.RunAsync(new(root, WholeTree: true), TimeSpan.FromMilliseconds(80), guard, TimeProvider.System, default);
        Assert.True(evidence.Bit);
        Assert.InRange(evidence.Frozen.TotalMilliseconds, 78, 1000);
        Assert.True(Stopwatch.GetElapsedTime(start) >= evidence.Frozen);
        Assert.False(root.IsAlive);
    }

    [Fact]
    public async Task A_process_that_is_gone_is_no_evidence()
    {
        using var program = Tree();
        var root = await ReadyAsync(program);
        await Kill.RunAsync(new(root, WholeTree: true), TimeProvider.System);
        Assert.False((await Kill.RunAsync(new(root, WholeTree: true), TimeProvider.System)).Bit);
        Assert.Null(ProcessId.Find(program.Pid));
    }

    [Fact]
    public async Task The_guard_keeps_what_is_left_of_the_promises()
    {
        using var one = Tree();
        using var two = Tree();
        var (first, second) = (await ReadyAsync(one), await ReadyAsync(two));
        var guard = UndoGuard.Start();
        using var kept = guard.Promise(Undo.Continue(first));
        guard.Promise(Undo.Continue(second)).Dispose();
        using var other = guard.Promise(Undo.Continue(second with { StartTime = second.StartTime + 1 }));
        foreach (var process in (ProcessId[])[first, second])
            process.Signal(Posix.Stop);
        await Eventually.True(() => first.IsStopped && second.IsStopped, Soon, "both are stopped");
        await guard.DisposeAsync();
        await Eventually.True(() => !first.IsStopped, Soon, "the first goes on");
        Assert.True(second.IsStopped);
        second.Signal(Posix.Continue);
    }

    [Fact]
    public async Task The_guard_undoes_when_its_owner_is_killed()
    {
        using var program = Tree();
        var root = await ReadyAsync(program);
        // A shell in our place, so that it can be killed: it starts the same guard and holds its pipe.
        using var workspace = new Workspace();
        workspace.Write("guard.sh", UndoGuard.Script);
        using var owner = RunningProgram.Start("/bin/sh", ["-c", $"""
            (printf '+1 {Undo.Continue(root).Words}\n'; kill -STOP {root.Pid}; exec sleep 100) | sh '{workspace["guard.sh"]}' & exec sleep 100
            """], "/");
        ProcessEntry? holder = null;
        await Eventually.True(
            () => root.IsStopped && (holder = ProcessTree.Below(owner.Pid).SingleOrDefault(process => process.CommandLine.StartsWith("sleep", StringComparison.Ordinal))) is not null,
            Soon, "it is stopped, and the one that did it holds the pipe");
        Posix.Send(holder!.Pid, Posix.SigKill);
        await Eventually.True(() => !root.IsStopped, Soon, "it goes on");
    }

    [Fact]
    public async Task A_guard_ignores_what_would_end_others()
    {
        await using var guard = UndoGuard.Start();
        var process = ProcessId.Find(guard.Pid)!.Value;
        using var program = Tree();
        var root = await ReadyAsync(program);
        using var promise = guard.Promise(Undo.Continue(root));
        await Eventually.True(() => ProcessTree.Ignores(guard.Pid, Posix.Terminate), Soon, "it ignores");
        foreach (var signal in (int[])[Posix.Interrupt, Posix.Hangup, Posix.Terminate])
            Posix.Send(guard.Pid, signal);
        root.Signal(Posix.Stop);
        await guard.DisposeAsync();
        await Eventually.True(() => !root.IsStopped, Soon, "it goes on");
        Assert.False(process.IsAlive);
    }
}
