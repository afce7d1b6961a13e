using Mainstay.Contracts.Control;
using Mainstay.Contracts.Traffic;
using Mainstay.Manifest.Model;
using Microsoft.Extensions.Logging;

namespace Mainstay.Supervisor;

/// <summary>Told what happens, in order, from any thread; must not block.</summary>
public interface IProgress
{
    /// <summary>One line for the user: what happens now.</summary>
    void Say(string message);

    /// <summary>A line of output of a build or <c>before</c> command.</summary>
    void Output(OutputLine line);
}

/// <summary>An operation that failed for a reason the user must know: one line, and the failing replica's last lines if there are any.</summary>
public sealed class RolloutException(string message, IReadOnlyList<string>? lastLines = null) : Exception(message)
{
    public IReadOnlyList<string> LastLines { get; } = lastLines ?? [];
}

/// <summary>
/// Runs the services of a manifest as replicas and keeps them alive. One operation (deploy, rollback, scale, restart) at a time for
/// each service; a second one is refused with a clear <see cref="RolloutException"/>.
/// </summary>
public sealed class FleetSupervisor(
    ITrafficSwitch traffic, IReplicaOutput output, string stateDirectory, TimeProvider time, ILoggerFactory logs, int seed) : IAsyncDisposable
{
    /// <summary>
    /// Cleans up what an earlier run left behind, builds where there is no release yet (or <paramref name="build"/>), starts every replica and
    /// returns once each service has a first ready replica or has failed for a reason that will not go away by itself (throws then, with nothing left running).
    /// A replica that crashes at the start goes on being restarted by the rule.
    /// </summary>
    public Task StartAsync(ManifestSpec manifest, bool build, IProgress progress, CancellationToken cancel) =>
        throw new InvalidOperationException($"{traffic}{output}{stateDirectory}{time}{logs}{seed}");

    /// <summary>Builds and rolls the services named (none: all) whose spec or artifact changed, starts new ones, stops those that are gone.</summary>
    public Task DeployAsync(ManifestSpec manifest, IReadOnlyList<string> services, bool force, IProgress progress, CancellationToken cancel) => throw new InvalidOperationException();

    public Task RollbackAsync(string service, IProgress progress, CancellationToken cancel) => throw new InvalidOperationException();

    public Task ScaleAsync(string service, int replicas, IProgress progress, CancellationToken cancel) => throw new InvalidOperationException();

    public Task RestartAsync(string service, IProgress progress, CancellationToken cancel) => throw new InvalidOperationException();

    /// <summary>Drains and stops every replica, all at once.</summary>
    public Task StopAsync(IProgress progress) => throw new InvalidOperationException();

    public IReadOnlyList<ServiceStatus> Status() => throw new InvalidOperationException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Where the lines of replicas go: the terminal, the memory behind <c>logs</c>. Called from one thread, in order; must not block.</summary>
public interface IReplicaOutput
{
    void Write(string service, OutputLine line);
}
