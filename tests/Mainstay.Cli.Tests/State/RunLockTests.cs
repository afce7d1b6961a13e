using Mainstay.Cli.State;

namespace Mainstay.Cli.Tests.State;

public sealed class RunLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Only_one_can_take_it()
    {
        using var first = RunLock.TryTake(_folder.Path, Environment.ProcessId);
        Assert.NotNull(first);
        Assert.Null(RunLock.TryTake(_folder.Path, Environment.ProcessId));
        Assert.True(RunLock.IsHeld(_folder.Path));
        Assert.Equal(Environment.ProcessId, RunLock.Holder(_folder.Path));
    }

    [Fact]
    public void It_can_be_taken_again_once_it_is_free()
    {
        RunLock.TryTake(_folder.Path, Environment.ProcessId)!.Dispose();
        Assert.False(RunLock.IsHeld(_folder.Path));
        using var second = RunLock.TryTake(_folder.Path, Environment.ProcessId);
        Assert.NotNull(second);
    }

    [Fact]
    public void Nobody_holds_what_was_never_taken() => Assert.False(RunLock.IsHeld(_folder.Path + "/absent"));

    [Fact]
    public void The_state_folder_is_ours_alone_and_out_of_the_repository()
    {
        var state = Path.Combine(_folder.Path, ".mainstay");
        Directory.CreateDirectory(state);
        StateFolder.Create(state);
        StateFolder.Create(state);
        Assert.Equal(StateFolder.OwnerOnly, File.GetUnixFileMode(state));
        Assert.Equal("*\n", File.ReadAllText(Path.Combine(state, ".gitignore")));
    }

    [Fact]
    public void A_file_in_the_place_of_the_state_folder_is_one_clear_line()
    {
        var state = Path.Combine(_folder.Path, ".mainstay");
        File.WriteAllText(state, "");
        var failure = Assert.Throws<CommandFailure>(() => StateFolder.Create(state));
        Assert.Equal(ExitCodes.Failed, failure.Exit);
        Assert.StartsWith($"cannot write to {state}: ", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', failure.Message);
    }
}
