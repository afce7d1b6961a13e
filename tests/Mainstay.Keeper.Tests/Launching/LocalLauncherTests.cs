using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Platform;

namespace Mainstay.Keeper.Tests.Launching;

public sealed class LocalLauncherTests : IAsyncDisposable
{
    private readonly Workshop _workshop = new();

    public ValueTask DisposeAsync() => _workshop.DisposeAsync();

    [Theory]
    [InlineData("exit 0", 0, 0)]
    [InlineData("exit 3", 3, 0)]
    [InlineData("exit 255", 255, 0)]
    [InlineData("kill -KILL $$", 0, 9)]
    [InlineData("kill -TERM $$", 0, 15)]
    public async Task Tells_the_exit_code_or_the_signal(string script, int code, int signal) =>
        Assert.Equal(new ExitStatus(code, signal), await _workshop.RunAsync(script));

    [Fact]
    public async Task Delivers_both_streams_with_a_last_line_without_line_feed()
    {
        await _workshop.RunAsync("echo one; echo two >&2; printf 'three\\r\\n'; printf last");
        Assert.Equal(["one", "three", "last"], _workshop.Output.Lines.Where(line => !line.IsError).Select(line => line.Line));
        Assert.Equal([("web-1", "two", true)], _workshop.Output.Lines.Where(line => line.IsError));
    }

    [Fact]
    public async Task Gives_the_process_an_empty_input_its_directory_its_environment_and_no_other_descriptor()
    {
        var spec = _workshop.Spec("/bin/sh", "-c", "cat; pwd; printenv GREETING; ls /proc/self/fd");
        var variables = new Dictionary<string, string>(spec.Environment) { ["GREETING"] = "a 'b' $c\nd" };
        var process = await _workshop.LaunchAsync(spec with { Environment = variables });
        Assert.True((await process.Exited.WaitAsync(Workshop.Deadline)).Succeeded);
        var lines = _workshop.Output.Texts;
        Assert.Equal([_workshop.Folder, "a 'b' $c", "d"], lines[..3]);
        // 3 is the folder that ls reads.
        Assert.Equal(["0", "1", "2", "3"], lines[3..]);
    }

    [Fact]
    public async Task Passes_variables_on_whose_names_no_shell_could_spell()
    {
        var spec = _workshop.Spec("/usr/bin/env");
        var variables = new Dictionary<string, string>(spec.Environment) { ["Logging:Level"] = "Debug", ["npm.config"] = "x y" };
        await (await _workshop.LaunchAsync(spec with { Environment = variables })).Exited.WaitAsync(Workshop.Deadline);
        Assert.Contains("Logging:Level=Debug", _workshop.Output.Texts);
        Assert.Contains("npm.config=x y", _workshop.Output.Texts);
    }

    [Fact]
    public async Task Starts_the_process_with_every_signal_at_its_default()
    {
        await _workshop.RunAsync("grep -E 'Sig(Ign|Blk)' /proc/self/status");
        // Two are the C library's own.
        Assert.All(_workshop.Output.Texts, line => Assert.Equal(0, Convert.ToInt64(line.Split('\t')[1], 16) & ~0x1_8000_0000));
        Assert.Equal(2, _workshop.Output.Texts.Length);
    }

    [Fact]
    public async Task A_server_below_a_shell_that_dies_of_the_stop_signal_may_finish_its_work()
    {
        var process = await _workshop.ShellAsync("sh -c 'trap \"sleep 0.4; echo finished; exit\" TERM; echo ready; while :; do sleep 0.05; done'; echo never");
        await _workshop.FirstLineAsync();
        process.Signal(Signals.Terminate);
        Assert.Equal(new ExitStatus(0, 15), await process.Exited.WaitAsync(Workshop.Deadline));
        Assert.Contains("finished", _workshop.Output.Texts);
    }

    [Fact]
    public async Task Whoever_of_the_group_ignores_the_stop_signal_ends_with_the_kill()
    {
        var process = await _workshop.ShellAsync("sh -c 'trap \"\" TERM; echo $$; while :; do sleep 0.05; done'; echo never");
        var stubborn = int.Parse(await _workshop.FirstLineAsync(), System.Globalization.CultureInfo.InvariantCulture);
        process.Signal(Signals.Terminate);
        await Workshop.Until(() => !Workshop.IsAlive(process.Pid), "the shell's end");
        await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        Assert.False(process.Exited.IsCompleted);
        Assert.True(Workshop.IsAlive(stubborn));
        process.Signal(Signals.Kill);
        await process.Exited.WaitAsync(Workshop.Deadline);
        Assert.False(Workshop.IsAlive(stubborn));
    }

    [Fact]
    public async Task Signals_the_whole_group()
    {
        var process = await _workshop.ShellAsync("trap 'wait; exit 7' TERM; sh -c 'trap \"echo inner; exit\" TERM; echo ready; while :; do sleep 0.05; done' & wait");
        await _workshop.FirstLineAsync();
        process.Signal(Signals.Terminate);
        Assert.Equal(new ExitStatus(7, 0), await process.Exited.WaitAsync(Workshop.Deadline));
        Assert.Contains("inner", _workshop.Output.Texts);
    }

    [Fact]
    public async Task Ends_the_rest_of_the_group_when_its_leader_ends()
    {
        var status = await _workshop.RunAsync("sleep 100 & echo $!; exit 4");
        Assert.Equal(new ExitStatus(4, 0), status);
        var left = int.Parse(await _workshop.FirstLineAsync());
        await Workshop.Until(() => !Workshop.IsAlive(left), "the rest of the group to end", TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task A_grandchild_in_a_session_of_its_own_escapes_but_does_not_hold_up_the_end()
    {
        var started = TimeProvider.System.GetTimestamp();
        await _workshop.RunAsync("setsid sleep 20 & sleep 0.2; echo $!");
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 1, 10);
        var escaped = int.Parse(await _workshop.FirstLineAsync());
        Assert.True(Workshop.IsAlive(escaped));
        _ = LibC.Kill(escaped, Signals.Kill);
    }

    [Fact]
    public async Task Signalling_a_process_that_has_gone_does_nothing()
    {
        var process = await _workshop.ShellAsync("exit 0");
        await process.Exited.WaitAsync(Workshop.Deadline);
        process.Signal(Signals.Kill);
    }

    [Fact]
    public async Task Disposing_kills_what_runs_and_leaves_neither_guard_nor_state_file_and_refuses_launches()
    {
        var process = await _workshop.ShellAsync("trap '' TERM; sleep 100 & sleep 100");
        var guard = _workshop.Launcher.GuardPid;
        Assert.True(Workshop.IsAlive(guard));
        await _workshop.Launcher.DisposeAsync();
        await _workshop.Launcher.DisposeAsync();
        Assert.Equal(new ExitStatus(0, Signals.Kill), await process.Exited.WaitAsync(Workshop.Deadline));
        Assert.False(Workshop.IsAlive(guard));
        Assert.False(File.Exists(_workshop.Journal));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _workshop.ShellAsync("exit 0"));
    }

    [Fact]
    public async Task A_cancelled_launch_starts_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await _workshop.Launcher.LaunchAsync(_workshop.Spec("/bin/sh", "-c", "echo no"), _workshop.Output, new CancellationToken(canceled: true)));
        Assert.Empty(_workshop.Output.Lines);
    }

    [Fact]
    public async Task A_state_folder_that_cannot_be_written_does_not_stop_a_launch()
    {
        await File.WriteAllTextAsync(_workshop.State, "a file where the folder should be");
        Assert.True((await _workshop.RunAsync("exit 0")).Succeeded);
    }

    [Fact]
    public async Task Many_launches_at_once_all_end_with_their_own_status()
    {
        for (var round = 0; round < 5; round++)
        {
            var statuses = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => _workshop.RunAsync($"echo {i}; exit {i}")));
            Assert.Equal(Enumerable.Range(0, 20), statuses.Select(status => status.Code));
        }

        Assert.Equal(100, _workshop.Output.Lines.Length);
        Assert.False(File.Exists(_workshop.Journal));
    }
}
