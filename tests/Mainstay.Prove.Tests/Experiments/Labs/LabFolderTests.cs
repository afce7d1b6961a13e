using Mainstay.Prove.Experiments.Labs;

namespace Mainstay.Prove.Tests.Experiments.Labs;

public sealed class LabFolderTests : IDisposable
{
    private readonly string _parent = Directory.CreateTempSubdirectory("ms-labs-").FullName;

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [Fact]
    public void It_is_closed_to_others_and_gone_at_the_end()
    {
        using (var folder = LabFolder.Create(_parent))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Path));
        Assert.Empty(Directory.GetDirectories(_parent));
    }

    [Fact]
    public void What_a_killed_run_left_behind_is_removed_and_what_is_in_use_stays()
    {
        var left = Directory.CreateDirectory(Path.Combine(_parent, "mainstay-prove-left")).FullName;
        File.WriteAllText(Path.Combine(left, "in-use"), "");
        File.WriteAllText(Path.Combine(left, "mainstay.kept.json"), "{}");
        using var first = LabFolder.Create(_parent);
        Assert.False(Directory.Exists(left));
        using var second = LabFolder.Create(_parent);
        Assert.True(Directory.Exists(first.Path));
    }
}
