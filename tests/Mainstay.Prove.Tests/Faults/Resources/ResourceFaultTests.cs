using Mainstay.Prove.Faults.Processes;
using Mainstay.Prove.Faults.Resources;
using Mainstay.Testing;
using Mainstay.Testing.Processes;
using Posix = Mainstay.Testing.Processes.Posix;

namespace Mainstay.Prove.Tests.Faults.Resources;

public sealed class ResourceFaultTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private static RunningProgram Shell(string script) => RunningProgram.Start("/bin/sh", ["-c", script], "/");

    private static ProcessId Of(RunningProgram program) => ProcessId.Find(program.Pid)!.Value;

    [Theory]
    [InlineData(new[] { 0, 1, 2 }, 0, 3)]
    [InlineData(new[] { 0, 1, 2 }, 4, 7)]
    [InlineData(new[] { 0, 1, 2, 5, 6, 9 }, 3, 8)]
    [InlineData(new[] { 0, 1, 2, 5, 6, 9 }, 2, 7)]
    [InlineData(new int[0], 2, 2)]
    public void The_limit_leaves_just_so_many_free_numbers(int[] open, int spare, ulong limit) =>
        Assert.Equal(limit, DescriptorLimit.LimitFor(open, spare));

    [Fact]
    public async Task Descriptors_run_out_and_come_back()
    {
        using var workspace = new Workspace();
        await using var guard = UndoGuard.Start();
        // Opens a file at each step, keeps it open, and says whether that went well.
        using var program = RunningProgram.Start("/usr/bin/env", ["node", "-e", """
            const fs = require('fs'); const open = [];
            setInterval(() => { try { open.push(fs.openSync('/dev/null')); fs.writeSync(1, 'opened\n'); } catch (e) { fs.writeSync(1, e.code + '\n'); } }, 20);
            """], workspace.Path);
        Assert.SkipUnless(Tool.Exists("node"), "needs node");
        await Eventually.True(() => program.Output.Contains("opened"), Soon, "it opens", () => program.Tail);
        var before = Limits.Read(program.Pid);
        using (var limit = DescriptorLimit.Lower(Of(program), 3, guard))
        {
            Assert.Equal(limit.Lowered, Limits.Read(program.Pid).Soft);
            await Eventually.True(() => program.Output.Contains("EMFILE") && limit.Free == 0, Soon, "none are left", () => program.Tail);
        }
        Assert.Equal(before, Limits.Read(program.Pid));
        var failures = program.Output.Count();
        await Eventually.True(() => program.Output.Skip(failures).Contains("opened"), Soon, "it opens again", () => program.Tail);
    }

    [Fact]
    public async Task A_limit_is_put_back_by_the_guard()
    {
        Assert.SkipUnless(Tool.Exists("prlimit"), "needs prlimit(1)");
        using var program = Shell("exec sleep 100");
        var guard = UndoGuard.Start();
        await Eventually.True(() => ProcessTree.Find(program.Pid)?.CommandLine == "sleep 100", Soon, "it runs");
        var before = Limits.Read(program.Pid);
        DescriptorLimit.Lower(Of(program), 1, guard);
        Assert.NotEqual(before, Limits.Read(program.Pid));
        await guard.DisposeAsync();
        Assert.Equal(before, Limits.Read(program.Pid));
    }

    [Fact]
    public async Task A_whole_replica_is_limited_and_what_it_starts_meanwhile_is_freed_with_it()
    {
        using var workspace = new Workspace();
        await using var guard = UndoGuard.Start();
        // One child before; another one once it is told to, which inherits the limit.
        using var program = RunningProgram.Start("/bin/sh", ["-c", "sleep 100 & while [ ! -e go ]; do :; done; sleep 200 & wait"], workspace.Path);
        await Eventually.True(() => Child("sleep 100") is not null, Soon, "it runs", () => program.Tail);
        var before = Limits.Read(program.Pid);
        using (var limits = DescriptorLimits.Lower(Of(program), 4, guard))
        {
            Assert.True(limits.Processes >= 2);
            Assert.Equal((4, true), (limits.Fewest, limits.Most >= 4));
            Assert.NotEqual(before, Limits.Read(Child("sleep 100")!.Pid));
            workspace.Write("go", "");
            await Eventually.True(() => Child("sleep 200") is not null, Soon, "it has started another one", () => program.Tail);
            Assert.NotEqual(before, Limits.Read(Child("sleep 200")!.Pid));
        }
        Assert.All((int[])[program.Pid, Child("sleep 100")!.Pid, Child("sleep 200")!.Pid], pid => Assert.Equal(before, Limits.Read(pid)));

        ProcessEntry? Child(string command) => ProcessTree.Below(program.Pid).FirstOrDefault(entry => entry.CommandLine == command);
    }

    [Fact]
    public async Task A_ballast_joins_the_group_grows_and_ends()
    {
        var leader = LeaderOfAGroup();
        try
        {
            await using var ballast = MemoryBallast.Start(leader, 200, TimeProvider.System);
            Assert.Equal([leader, ballast.Process], leader.Tree());
            foreach (var size in (int[])[10, 60, 120])
            {
                Assert.True(await ballast.GrowAsync(size, default));
                Assert.InRange(ballast.Seen >> 20, size * 9 / 10, (size * 5 / 4) + 8);
            }
            await ballast.DisposeAsync();
            Assert.False(ballast.Process.IsAlive);
            Assert.Equal(0, ballast.Seen);
        }
        finally
        {
            await EndAsync(leader);
        }
    }

    [Fact]
    public async Task A_ballast_whose_group_is_killed_says_so()
    {
        var leader = LeaderOfAGroup();
        await using var ballast = MemoryBallast.Start(leader, 100, TimeProvider.System);
        Assert.True(await ballast.GrowAsync(5, default));
        await Kill.RunAsync(new(leader, WholeTree: true), TimeProvider.System);
        await EndAsync(leader);
        Assert.False(ballast.Process.IsAlive);
        Assert.False(await ballast.GrowAsync(80, default));
    }

    [Fact]
    public async Task A_group_of_another_session_cannot_be_joined_and_that_is_said()
    {
        Assert.SkipUnless(Tool.Exists("setsid"), "needs setsid(1)");
        using var program = RunningProgram.Start("setsid", ["sleep", "100"], "/");
        await Eventually.True(() => ProcessTree.Find(program.Pid)?.CommandLine == "sleep 100", Soon, "it runs");
        var problem = Assert.Throws<IOException>(() => MemoryBallast.Start(Of(program), 10, TimeProvider.System));
        Assert.Equal($"process group {program.Pid} is of another session, or gone: nothing can be started in it", problem.Message);
    }

    [Fact]
    public async Task A_disk_becomes_full_and_free_again_for_the_replica_alone()
    {
        using var workspace = new Workspace();
        var disk = await FullDisk.ProbeAsync(workspace.Path, 2, TimeProvider.System);
        Assert.SkipWhen(disk.Way is DiskWay.None, disk.Text);
        var command = disk.Wrap(["/bin/sh", "-c", $"while :; do i=$((i+1)); if echo x > {workspace.Path}/written$i; then echo fine; else echo failed; fi; sleep 0.05; done"]);
        using var program = RunningProgram.Start(command[0], command[1..], "/");
        await Eventually.True(() => program.Output.Contains("fine"), Soon, "it writes", () => program.Tail);
        Assert.Empty(Directory.GetFiles(workspace.Path));
        var replica = Of(program);
        Assert.InRange(disk.Fill(replica), 1 << 20, 2 << 20);
        await Eventually.True(() => program.Output.Contains("failed"), Soon, "it fails", () => program.Tail);
        disk.Free(replica);
        var said = program.Output.Count();
        await Eventually.True(() => program.Output.Skip(said).Contains("fine"), Soon, "it writes again", () => program.Tail);
    }

    [Fact]
    public void A_replica_that_is_not_on_the_small_disk_is_not_filled_up()
    {
        using var workspace = new Workspace();
        using var program = Shell("exec sleep 100");
        var disk = new FullDisk(DiskWay.MountNamespace, workspace.Path, 2);
        var problem = Assert.Throws<IOException>(() => disk.Fill(Of(program)));
        Assert.Contains("not on the small disk", problem.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(workspace.Path));
    }

    /// <summary>As a keeper's replica: a group of its own in our session.</summary>
    private static ProcessId LeaderOfAGroup()
    {
        using var nothing = File.OpenHandle("/dev/null");
        return ProcessId.Find(GroupMember.Start(["/bin/sleep", "100"], 0, nothing))!.Value;
    }

    private static async Task EndAsync(ProcessId process)
    {
        process.Signal(Posix.SigKill);
        await Eventually.True(() => GroupMember.TryReap(process.Pid), Soon, "it has ended");
    }
}
