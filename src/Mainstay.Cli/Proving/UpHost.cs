using Mainstay.Cli.Keeping;
using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Launching;
using Mainstay.Prove.Experiments.Labs;

namespace Mainstay.Cli.Proving;

/// <summary>Starts this very program as the laboratory's <c>up</c>: a group of its own, which ends with this process by whatever cause.</summary>
internal sealed class UpHost(TimeProvider time, Action<string> warn) : IApplicationHost, IAsyncDisposable
{
    /// <summary>What this process was told by a service manager is not for the application under test.</summary>
    private static readonly string[] Ours = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"];

    private LocalLauncher? _launcher;

    public async Task<IApplication> StartAsync(string folder, string manifest, CancellationToken cancel)
    {
        _launcher ??= new(Path.Combine(folder, "processes"), time, warn);
        var output = new UpOutput();
        var environment = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .Where(variable => !Ours.Contains((string)variable.Key))
            .ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!, StringComparer.Ordinal);
        var process = await _launcher.LaunchAsync(
            new LaunchSpec("the application under test", [.. OwnProgram.Words, "up", manifest], folder, environment), output, cancel);
        return new ControlledUp(process, folder, output, time);
    }

    public async ValueTask DisposeAsync()
    {
        if (_launcher is { } launcher)
            await launcher.DisposeAsync();
    }
}
