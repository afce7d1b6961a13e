using Mainstay.Prove.Experiments.Labs;
using Mainstay.Prove.Faults.Processes;

namespace Mainstay.Prove.Tests.Experiments.Labs;

public sealed class LabFolderTests : IAsyncDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("ms-labs-").FullName;
    private readonly UndoGuard _guard = UndoGuard.Start();

    public async ValueTask DisposeAsync()
    {
        await _guard.DisposeAsync();
        Directory.Delete(_parent, recursive: true);
    }

    [Fact]
    public void It_is_closed_to_others_and_gone_at_the_end()
    {
        using (var folder = LabFolder.Create(_parent, _guard, TimeProvider.System))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Path));
        Assert.Empty(Directory.GetDirectories(_parent));
    }

    [Fact]
    public async Task It_is_gone_with_whoever_made_it()
    {
        var parent = Directory.CreateDirectory(Path.Combine(_parent, "two  words, \"é\" and 'more'")).FullName;
        var folder = LabFolder.Create(parent, _guard, TimeProvider.System);
        Directory.CreateDirectory(Path.Combine(folder.Path, "a", "b"));
        File.WriteAllText(Path.Combine(folder.Path, "a", "b", "c"), "");
        await _guard.DisposeAsync();
        Assert.Empty(Directory.GetFileSystemEntries(parent));
    }

    [Fact]
    public async Task What_was_there_before_and_beside_it_stays()
    {
        var other = Directory.CreateDirectory(Path.Combine(_parent, "mainstay-prove-others")).FullName;
        var kept = LabFolder.Create(_parent, _guard, TimeProvider.System);
        LabFolder.Create(_parent, _guard, TimeProvider.System).Dispose();
        File.CreateSymbolicLink(Path.Combine(kept.Path, "link"), other);
        File.WriteAllText(Path.Combine(other, "precious"), "");
        await _guard.DisposeAsync();
        Assert.Equal([other], Directory.GetFileSystemEntries(_parent));
        Assert.True(File.Exists(Path.Combine(other, "precious")));
    }

    [Fact]
    public void A_temporary_folder_in_it_leaves_room_for_sockets()
    {
        using var folder = LabFolder.Create(_parent, _guard, TimeProvider.System);
        Assert.True(Directory.Exists(folder.Temporary));
        Assert.StartsWith(_parent + "/mainstay-prove-", folder.Temporary, StringComparison.Ordinal);
        // What root starts may become somebody else.
        Assert.Equal(Environment.IsPrivilegedProcess, File.GetUnixFileMode(folder.Temporary!).HasFlag(UnixFileMode.OtherWrite));

        var deep = Directory.CreateDirectory(Path.Combine(_parent, new string('d', 60))).FullName;
        using var without = LabFolder.Create(deep, _guard, TimeProvider.System);
        Assert.Null(without.Temporary);
    }

    [Fact]
    public async Task What_cannot_be_told_the_guard_is_not_removed_by_it()
    {
        // Told as it is, it would be a promise to remove a folder of somebody else's.
        var precious = Directory.CreateDirectory(Path.Combine(_parent, "precious")).FullName;
        var parent = Directory.CreateDirectory(precious + "\nx").FullName;
        var folder = LabFolder.Create(parent, _guard, TimeProvider.System);
        Assert.Null(Undo.Remove("relative"));
        await _guard.DisposeAsync();
        Assert.True(Directory.Exists(precious));
        Assert.True(Directory.Exists(folder.Path));
        folder.Dispose();
        Assert.Empty(Directory.GetDirectories(parent));
    }

    [Fact]
    public async Task What_nobody_may_write_to_goes_with_the_guard()
    {
        var folder = LabFolder.Create(_parent, _guard, TimeProvider.System);
        var closed = Directory.CreateDirectory(Path.Combine(folder.Temporary!, "closed")).FullName;
        File.WriteAllText(Path.Combine(closed, "file"), "");
        File.SetUnixFileMode(closed, UnixFileMode.UserRead);
        folder.Dispose();
        await _guard.DisposeAsync();
        Assert.Empty(Directory.GetFileSystemEntries(_parent));
    }

    [Fact]
    public void Of_a_rest_without_a_lock_an_old_one_is_removed()
    {
        var left = Directory.CreateDirectory(Path.Combine(_parent, "mainstay-prove-rest")).FullName;
        File.WriteAllText(Path.Combine(left, "file"), "");
        LabFolder.Create(_parent, _guard, TimeProvider.System).Dispose();
        Assert.True(File.Exists(Path.Combine(left, "file")));
        Directory.SetLastWriteTimeUtc(left, TimeProvider.System.GetUtcNow().UtcDateTime.AddMinutes(-2));
        LabFolder.Create(_parent, _guard, TimeProvider.System).Dispose();
        Assert.Empty(Directory.GetDirectories(_parent));
    }

    [Fact]
    public void What_a_run_that_was_killed_with_its_guard_left_behind_is_removed_and_what_is_in_use_stays()
    {
        var left = Directory.CreateDirectory(Path.Combine(_parent, "mainstay-prove-left")).FullName;
        File.WriteAllText(Path.Combine(left, "in-use"), "");
        File.WriteAllText(Path.Combine(left, "mainstay.kept.json"), "{}");
        using var first = LabFolder.Create(_parent, _guard, TimeProvider.System);
        Assert.False(Directory.Exists(left));
        using var second = LabFolder.Create(_parent, _guard, TimeProvider.System);
        Assert.True(Directory.Exists(first.Path));
    }
}
