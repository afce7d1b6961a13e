using Mainstay.Contracts.Launching;
using Mainstay.Contracts.Processes;
using Mainstay.Keeper.Journal;
using Mainstay.Keeper.Launching;
using Mainstay.Keeper.Platform;
using Mainstay.Keeper.Tests.Launching;

namespace Mainstay.Keeper.Tests.Journal;

public sealed class EarlierRunTests : IAsyncDisposable
{
    private readonly Workshop _workshop = new();
    private readonly string _bootId = ProcFile.BootId();

    public ValueTask DisposeAsync() => _workshop.DisposeAsync();

    [Fact]
    public async Task Spares_whoever_has_the_pid_but_not_the_start_time_or_the_boot_or_the_group()
    {
        var process = await _workshop.ShellAsync("sleep 100 & echo $!; wait");
        var member = int.Parse(await _workshop.FirstLineAsync());
        var start = ProcStat.Read("/proc", process.Pid)!.Value.StartTime;
        var memberStart = ProcStat.Read("/proc", member)!.Value.StartTime;
        var found = await new EarlierRun(_bootId, TimeProvider.System, _ => { }).EndAsync(
        [
            new(process.Pid, start + 1, _bootId, "marker", "another start"),
            new(process.Pid, start, "another boot", "marker", "another boot"),
            new(member, memberStart, _bootId, "marker", "no leader"),
            new(3_999_999, 1, _bootId, "marker", "nobody"),
        ]);
        Assert.Empty(found);
        Assert.True(Workshop.IsAlive(process.Pid));
        Assert.True(Workshop.IsAlive(member));
    }

    [Fact]
    public async Task Ends_the_members_of_a_group_whose_leader_has_gone_only_if_they_carry_the_marker()
    {
        // A leader that ends leaves its group to init; started without a launcher, so that nothing else ends the rest.
        using var nowhere = LibC.Open("/dev/null");
        var start = new ChildStart(["/bin/sh", "-c", "sleep 100 &"], [new(JournalEntry.MarkerVariable, "mine"), new("PATH", "/usr/bin:/bin")],
            "/", nowhere, nowhere, nowhere).Run();
        var leader = new ChildProcess(start.Pid, leadsGroup: true);
        await Workshop.Until(leader.HasEnded, "the leader's end");
        leader.Reap();
        bool Left() => ProcStat.ReadAll("/proc").Any(process => process.Group == start.Pid && !process.IsEnded);
        Assert.True(Left());
        var earlier = new EarlierRun(_bootId, TimeProvider.System, _ => { });
        Assert.Empty(await earlier.EndAsync([new(start.Pid, 1, _bootId, "theirs", "web-1")]));
        Assert.True(Left());
        Assert.Equal(["web-1"], await earlier.EndAsync([new(start.Pid, 1, _bootId, "mine", "web-1")]));
        Assert.False(Left());
    }

    [Fact]
    public async Task A_state_file_cut_at_any_byte_yields_only_whole_entries()
    {
        JournalEntry[] entries = [new(4711, 123456, "boot", "marker", "web-1"), new(4712, 123457, "boot", "marker", "web\tbuild\n")];
        var text = string.Concat(entries.Select(entry => entry.Format()));
        Directory.CreateDirectory(_workshop.State);
        var journal = new ProcessJournal(_workshop.State, _ => { });
        for (var length = 0; length <= text.Length; length++)
        {
            await File.WriteAllTextAsync(_workshop.Journal, text[..length]);
            Assert.All(journal.Read(), entry => Assert.True(entry == entries[0] || entry == entries[1] with { Name = "web build " }));
        }

        Assert.Equal(2, journal.Read().Length);
        await File.WriteAllBytesAsync(_workshop.Journal, [0xFF, 0, 9, 9, 9, 9, 9, 10]);
        Assert.Empty(journal.Read());
    }

    [Fact]
    public async Task The_state_file_names_what_runs_and_goes_with_it()
    {
        var process = await _workshop.ShellAsync("sleep 100");
        var entries = new ProcessJournal(_workshop.State, _ => { }).Read();
        Assert.Equal([JournalEntry.OwnerName, "web-1"], entries.Select(entry => entry.Name));
        Assert.Equal([Environment.ProcessId, process.Pid], entries.Select(entry => entry.Pid));
        process.Signal(Signals.Kill);
        await process.Exited.WaitAsync(Workshop.Deadline);
        Assert.False(File.Exists(_workshop.Journal));
    }
}
