using System.Diagnostics;
using Mainstay.Contracts.Keeping;
using Mainstay.Keeper.Launching;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.Supervisor.Tests.Rollout;

public sealed class RealProcessTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mainstay-test-").FullName;
    private readonly FakeTraffic _traffic = new();
    private readonly Output _output = new();
    private readonly Progress _progress = new();
    private readonly FleetSupervisor _supervisor;
    private readonly CancellationToken _deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90)).Token;

    public RealProcessTests() =>
        _supervisor = new FleetSupervisor(
            new LocalLauncher(Path.Combine(_folder, ".mainstay"), TimeProvider.System, _ => { }), _traffic, _output, new PlainNotes(), Path.Combine(_folder, ".mainstay"), NullLoggerFactory.Instance);

    public async ValueTask DisposeAsync()
    {
        await _supervisor.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_web_server_in_any_language_is_run_below_a_shell_and_replaced_when_killed()
    {
        await StartAsync(Python("python3 -m http.server --bind 127.0.0.1 {port} & wait", replicas: 2));
        await UntilAsync(() => Ready == 2);
        var replica = Replicas[0];
        Assert.Contains("python", File.ReadAllText($"/proc/{replica.Pid}/cmdline"), StringComparison.Ordinal);
        Assert.True(replica.MemoryBytes is null or > 1_000_000);
        using (var process = Process.GetProcessById(replica.Pid!.Value))
            process.Kill();
        await UntilAsync(() => Replicas[0].Restarts == 1 && Ready == 2);
        await _supervisor.StopAsync(_progress);
        Assert.False(Directory.Exists($"/proc/{replica.Pid}"));
        Assert.Empty(_traffic.Admitted);
    }

    [Fact]
    public async Task A_release_is_built_snapshotted_and_run_from_there()
    {
        var spec = Python("python3 -m http.server --bind 127.0.0.1 {port}") with
        {
            Deploy = new DeploySpec(["sh", "-c", "mkdir -p out && echo $RANDOM-$$ > out/version && echo built"], Path.Combine(_folder, "out"), ["sh", "-c", "pwd > ran-before"], TimeSpan.FromMilliseconds(100), true),
        };
        await StartAsync(spec);
        var first = Path.Combine(_folder, ".mainstay/releases/web/1/files");
        Assert.Contains(_progress.Lines, line => line is { Source: "web build", Text: "built" });
        Assert.Equal(first, File.ReadAllText(Path.Combine(first, "ran-before")).Trim());
        Assert.Equal(first, new DirectoryInfo($"/proc/{Replicas[0].Pid}/cwd").LinkTarget);
        await _supervisor.DeployAsync(Specs.Manifest(spec), [], false, _progress, _deadline);
        Assert.Equal((2, "ready"), (Replicas[0].Release, Replicas[0].State));
        Assert.True(Directory.Exists(first));
    }

    [Fact]
    public async Task A_command_that_does_not_exist_fails_at_once()
    {
        var failure = await Assert.ThrowsAsync<RolloutException>(() => StartAsync(Specs.Service("no-such-program-here {port}") with { Directory = _folder }));
        Assert.StartsWith("web: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("no-such-program-here", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Replicas);
    }

    [Fact]
    public async Task A_listener_beyond_loopback_is_warned_about_once()
    {
        await StartAsync(Python("python3 -m http.server {port}"));
        Assert.Single(_progress.Said, line => line.Contains("listens beyond loopback", StringComparison.Ordinal));
    }

    private IReadOnlyList<Contracts.Control.ReplicaStatus> Replicas => _supervisor.Status()[0].Replicas;

    private int Ready => Replicas.Count(replica => replica.State == "ready");

    private ServiceSpec Python(string command, int replicas = 1) => Specs.Service("x", replicas) with
    {
        Command = ["sh", "-c", command],
        Directory = _folder,
        Health = new HealthSpec(null, null, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2), 3, TimeSpan.FromSeconds(30)),
    };

    private Task StartAsync(ServiceSpec spec) => _supervisor.StartAsync(Specs.Manifest(spec), false, _progress, _deadline).WaitAsync(_deadline);

    private async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, _deadline);
    }
}
