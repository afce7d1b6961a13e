using Mainstay.Testing;
using Mainstay.Testing.Http;
using Mainstay.Testing.Load;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>Releases roll under load; no request is lost and none is executed twice.</summary>
public sealed class DeployTests
{
    [Fact]
    public async Task Rolling_deploys_lose_no_request_and_execute_no_POST_twice() =>
        await DeployUnderLoadAsync(replicas: 2, times: Repeat.Times(ci: 4, full: 20), perSecond: 100);

    [Fact]
    public async Task Deploys_without_overlap_hold_requests_while_the_app_restarts() =>
        await DeployUnderLoadAsync(replicas: 1, times: Repeat.Times(ci: 3, full: 20), perSecond: 60,
            "environment: { COUNT_FILE: ./ids, START_DELAY_MS: \"1000\" }", "deploy: { overlap: false }");

    [Fact]
    public async Task A_changed_environment_is_deployed_and_rolled_back()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Manifest("one"));
        Assert.Equal("one", await VersionAsync(run));
        workspace.Write("mainstay.yaml", Manifest("two").Replace("{PORT}", $"{run.Port}", StringComparison.Ordinal));
        var deploy = await run.CommandAsync("deploy");
        Assert.True(deploy.ExitCode == 0, deploy.Text);
        Assert.Equal("two", await VersionAsync(run));
        var rollback = await run.CommandAsync("rollback", "web");
        Assert.True(rollback.ExitCode == 0, rollback.Text);
        Assert.Equal("one", await VersionAsync(run));
    }

    [Fact]
    public async Task A_deploy_touches_only_what_changed()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Manifest("one"));
        var before = await run.ReplicasAsync();
        var same = await run.CommandAsync("deploy");
        Assert.True(same.ExitCode == 0, same.Text);
        Assert.Equal(before.Select(replica => replica.Pid), (await run.ReplicasAsync()).Select(replica => replica.Pid));
        var forced = await run.CommandAsync("deploy", "--force");
        Assert.True(forced.ExitCode == 0, forced.Text);
        Assert.Empty(before.Select(replica => replica.Pid).Intersect((await run.ReplicasAsync()).Select(replica => replica.Pid)));
    }

    [Fact]
    public async Task Restart_and_scale_lose_no_request()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(replicas: 2));
        await using var load = SteadyLoad.Start(run.Port, 100, _ => new("GET", "/"));
        foreach (var command in (string[][])[["scale", "web=3"], ["restart", "web"], ["scale", "web=1"]])
        {
            var result = await run.CommandAsync(command);
            Assert.True(result.ExitCode == 0, $"{string.Join(' ', command)}: {result.Text}\n{run.Program.Tail}");
        }
        Assert.Single(await run.ReplicasAsync());
        Counter.AssertNoneFailed(await load.StopAsync(), atLeast: 300, run);
    }

    private static string Manifest(string version) => Counter.Manifest(1, $"environment: {{ VERSION: {version} }}", "deploy: { ready_for: 200ms }");

    private static async Task<string> VersionAsync(MainstayRun run) => (await HttpConnection.OnceAsync(run.Port, new("GET", "/version"))).Text;

    private static async Task DeployUnderLoadAsync(int replicas, int times, int perSecond, params string[] keys)
    {
        using var workspace = new Workspace();
        var ids = workspace["ids"];
        string[] all = keys.Length == 0
            ? [$"environment: {{ COUNT_FILE: {ids} }}"]
            : [.. keys.Select(key => key.Replace("./ids", ids, StringComparison.Ordinal))];
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(replicas, all));
        await using var load = SteadyLoad.Start(run.Port, perSecond,
            number => number % 5 == 0 ? new("POST", $"/count?id={number}&ms=200") : new("GET", "/"));
        for (var i = 0; i < times; i++)
        {
            var deploy = await run.CommandAsync("deploy", "--force");
            Assert.True(deploy.ExitCode == 0, $"deploy {i}: {deploy.Text}\n{run.Program.Tail}");
        }
        var report = await load.StopAsync();
        Counter.AssertNoneFailed(report, atLeast: perSecond * times, run);
        var executed = workspace.Lines("ids");
        Assert.Empty(executed.GroupBy(id => id).Where(group => group.Count() > 1).Select(group => $"{group.Key}: {group.Count()} times"));
        Assert.Equal(report.Samples.Count(sample => sample.Number % 5 == 0), executed.Length);
    }
}
