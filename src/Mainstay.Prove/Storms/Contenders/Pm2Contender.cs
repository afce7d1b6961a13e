using System.Net;
using System.Text.Json;
using Mainstay.Contracts.Processes;
using Mainstay.Prove.Faults.Processes;

namespace Mainstay.Prove.Storms.Contenders;

/// <summary>PM2's cluster mode behind nginx. PM2 itself runs in the foreground in a restart loop, as in a container with a restart policy.</summary>
/// <param name="ground">Its own.</param>
/// <param name="nginx">The program.</param>
/// <param name="runtime"><c>pm2-runtime</c>.</param>
/// <param name="command"><c>pm2</c>.</param>
internal sealed class Pm2Contender(Ground ground, string nginx, string runtime, string command) : IContender
{
    private RestartLoop? _loop;
    private Nginx? _nginx;

    public string Name => "PM2 + nginx";

    public (string Name, ProcessId Process)? Itself => _loop?.Current is { } daemon ? ("PM2's daemon", daemon) : null;

    private Dictionary<string, string> Home => new() { ["PM2_HOME"] = ground["pm2"], ["PM2_DISABLE_VERSION_CHECK"] = "true" };

    public async Task<IPEndPoint> StartAsync(CancellationToken cancel)
    {
        ground.Prepare();
        var port = Ports.Take();
        await File.WriteAllTextAsync(ground["ecosystem.config.js"], Ecosystem(port), cancel);
        var output = Ground.Tail();
        _loop = await RestartLoop.StartAsync(ground, "pm2", [runtime, "start", ground["ecosystem.config.js"]], output, Home, cancel);
        await Answering.AwaitAsync("PM2", port, () => output.Lines, ground.Time, cancel);
        while ((await WorkersAsync(cancel)).Count < Ground.Workers)
            await Task.Delay(TimeSpan.FromMilliseconds(50), ground.Time, cancel);
        _nginx = await Nginx.StartAsync(ground, nginx, [port], cancel);
        return new(IPAddress.Loopback, _nginx.Port);
    }

    /// <summary>Children of the daemon.</summary>
    public Task<IReadOnlyList<ProcessId>> WorkersAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<ProcessId>>(
        _loop?.Current is not { } daemon
            ? []
            : [.. ProcStat.ReadAll(ProcFile.Root).Where(child => child.Parent == daemon.Pid && !child.IsEnded).Select(child => new ProcessId(child.Pid, child.StartTime))]);

    public async Task<string> DeployAsync(bool good, CancellationToken cancel)
    {
        ground.App.Write(ground.Code, good);
        var reload = await ground.LaunchAsync("pm2 reload", [command, "reload", "web"], Ground.Tail(), cancel, Home);
        return $"pm2 reload {await reload.Exited.WaitAsync(cancel)}";
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string Ecosystem(int port) => $$"""
        module.exports = { apps: [{
          name: 'web', script: {{JsonSerializer.Serialize(Path.Combine(ground.Code, ground.App.File))}}, cwd: {{JsonSerializer.Serialize(ground.Code)}},
          exec_mode: 'cluster', instances: {{Ground.Workers}},
          env: {{JsonSerializer.Serialize(ground.Settings.Add("PORT", $"{port}"))}},
        }] };

        """;
}
