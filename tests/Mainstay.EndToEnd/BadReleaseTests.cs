using Mainstay.Testing;
using Mainstay.Testing.Load;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>A release that cannot serve never replaces one that does.</summary>
public sealed class BadReleaseTests
{
    [Fact]
    public async Task A_release_that_never_gets_ready_leaves_the_old_one_serving() => await FailsAsync(
        "never-ready", "ready",
        "environment: { MODE: never-ready }", "health: { ready: /readyz, start: 3s }");

    [Fact]
    public async Task A_release_that_exits_at_once_leaves_the_old_one_serving() => await FailsAsync(
        "exit", "cannot find my configuration",
        "environment: { MODE: exit }", "health: { ready: /readyz, start: 3s }");

    [Fact]
    public async Task A_release_whose_build_fails_leaves_the_old_one_serving() => await FailsAsync(
        "build", "the compiler is out of coffee",
        "health: /readyz", "deploy: { build: sh -c 'echo the compiler is out of coffee; exit 7' }");

    private static async Task FailsAsync(string what, string reason, params string[] badKeys)
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Manifest("health: /readyz"));
        await using var load = SteadyLoad.Start(run.Port, 100, _ => new("GET", "/"));
        var before = await run.ReplicasAsync();
        workspace.Write("mainstay.yaml", Manifest(badKeys).Replace("{PORT}", $"{run.Port}", StringComparison.Ordinal));
        var deploy = await run.CommandAsync("deploy");
        Assert.True(deploy.ExitCode == 1, $"{what}: exit {deploy.ExitCode}\n{deploy.Text}");
        Assert.Contains(reason, deploy.Text, StringComparison.OrdinalIgnoreCase);
        Assert.NotEmpty(deploy.Errors);
        await Eventually.True(
            async () => (await run.ReplicasAsync()).Select(replica => (replica.Name, replica.Pid, replica.State))
                .SequenceEqual(before.Select(replica => (replica.Name, replica.Pid, replica.State))),
            TimeSpan.FromSeconds(15), "only the old replicas are left", () => run.Program.Tail);
        // However quickly it failed: it goes on serving.
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        Counter.AssertNoneFailed(await load.StopAsync(), atLeast: 50, run);
    }

    private static string Manifest(params string[] keys) => $$"""
        name: counter
        edge: { listen: "http://127.0.0.1:{PORT}" }
        services:
          web:
            command: [dotnet, "{{Counter.Dll}}"]
            replicas: 2
            {{string.Join("\n    ", keys)}}
        """;
}
