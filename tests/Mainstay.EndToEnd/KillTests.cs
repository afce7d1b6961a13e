using Mainstay.Testing;
using Mainstay.Testing.Http;
using Mainstay.Testing.Load;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>Replicas die under load; nobody notices.</summary>
public sealed class KillTests
{
    private const int PerSecond = 300;
    private static readonly byte[] TenKiB = new byte[10 * 1024];

    [Fact]
    public async Task No_GET_fails_while_replicas_are_killed() =>
        await KillUnderLoadAsync(_ => new("GET", "/who"), answer => answer.Text.StartsWith("web-", StringComparison.Ordinal));

    [Fact]
    public async Task No_PUT_of_10_KiB_fails_while_replicas_are_killed() =>
        await KillUnderLoadAsync(_ => new("PUT", "/put", TenKiB), answer => answer.Text == "10240");

    [Fact]
    public async Task With_one_replica_requests_wait_for_its_restart()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(replicas: 1));
        await using var load = SteadyLoad.Start(run.Port, 100, _ => new("GET", "/"));
        var times = Repeat.Times(ci: 3, full: 20);
        for (var i = 0; i < times; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System);
            await KillOneAsync(run, i);
        }
        var report = await load.StopAsync();
        Counter.AssertNoneFailed(report, atLeast: times * 30, run);
    }

    private static async Task KillUnderLoadAsync(Func<int, HttpCall> call, Func<HttpAnswer, bool> isRight)
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(replicas: 2));
        await using var load = SteadyLoad.Start(run.Port, PerSecond, call,
            (_, answer) => answer.Status != 200 ? $"status {answer.Status}" : isRight(answer) ? null : $"wrong answer: {answer.Text}");
        var random = new Random(4711);
        var times = Repeat.Times(ci: 10, full: 100);
        for (var i = 0; i < times; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(200, 400)), TimeProvider.System);
            await KillOneAsync(run, random.Next(2));
        }
        var report = await load.StopAsync();
        Counter.AssertNoneFailed(report, atLeast: times * PerSecond / 5, run);
    }

    /// <summary>SIGKILL to a replica, and back once all are ready again.</summary>
    private static async Task KillOneAsync(MainstayRun run, int which)
    {
        var replicas = await run.ReplicasAsync();
        var victim = replicas[which % replicas.Count];
        Assert.True(Posix.Send(victim.Pid, Posix.SigKill), $"{victim} is not there");
        await Eventually.True(
            async () => await run.ReplicasAsync() is { } now && now.Count == replicas.Count
                && now.All(replica => replica.State == "ready" && replica.Pid != victim.Pid),
            TimeSpan.FromSeconds(30), $"{victim.Name} is ready again", () => run.Program.Tail);
    }
}
