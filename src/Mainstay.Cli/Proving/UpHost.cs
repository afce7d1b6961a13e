using System.Collections.Immutable;
using Mainstay.Cli.Keeping;
using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Launching;
using Mainstay.Prove.Experiments.Labs;

namespace Mainstay.Cli.Proving;

/// <summary>Starts this very program as the laboratory's <c>up</c>: a group of its own, which ends with this process by whatever cause.</summary>
/// <param name="environment">Of <c>up</c> and, where it lets them inherit it, of replicas.</param>
/// <param name="time">The clock.</param>
/// <param name="warn">Gets what went wrong in the background.</param>
internal sealed class UpHost(ImmutableDictionary<string, string> environment, TimeProvider time, Action<string> warn) : IApplicationHost, IAsyncDisposable
{
    private LocalLauncher? _launcher;

    public async Task<IApplication> StartAsync(string folder, string manifest, CancellationToken cancel)
    {
        _launcher ??= new(Path.Combine(folder, "processes"), time, warn);
        var output = new UpOutput();
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
