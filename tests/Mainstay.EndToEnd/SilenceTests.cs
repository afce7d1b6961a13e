using Mainstay.Testing;
using Mainstay.Testing.Load;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>A replica that is stopped (SIGSTOP) still accepts connections, and answers nothing.</summary>
public sealed class SilenceTests
{
    [Fact]
    public async Task A_silent_replica_of_three_is_avoided_within_three_seconds()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(replicas: 3));
        await using var load = SteadyLoad.Start(run.Port, 200, _ => new("GET", "/"));
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        var victim = (await run.ReplicasAsync())[1];
        var stoppedAt = load.Elapsed;
        Posix.Send(victim.Pid, Posix.Stop);
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(Repeat.Times(ci: 8, full: 30)), TimeProvider.System);
            var report = await load.StopAsync();
            Counter.AssertNoneFailed(report, atLeast: 1000, run);
            var late = report.Samples.Where(sample => sample.SentAt >= stoppedAt + TimeSpan.FromSeconds(3)).ToList();
            Assert.NotEmpty(late);
            Assert.True(late.Max(sample => sample.Took) <= TimeSpan.FromSeconds(1), $"Slowest after 3 s: {late.MaxBy(sample => sample.Took)}");
        }
        finally
        {
            Posix.Send(victim.Pid, Posix.Continue);
        }
    }

    [Fact]
    public async Task The_last_ready_replica_is_never_ejected()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(replicas: 1));
        await using var load = SteadyLoad.Start(run.Port, 50, _ => new("GET", "/nowhere"), (_, answer) => answer.Status == 404 ? null : $"status {answer.Status}");
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        var victim = Assert.Single(await run.ReplicasAsync());
        Posix.Send(victim.Pid, Posix.Stop);
        await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System);
        Posix.Send(victim.Pid, Posix.Continue);
        Counter.AssertNoneFailed(await load.StopAsync(), atLeast: 150, run);
        Assert.NotEqual("ejected", Assert.Single(await run.ReplicasAsync()).State);
    }
}
