using Mainstay.Contracts.Control;
using Mainstay.Contracts.Traffic;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Rollout;
using Microsoft.Extensions.Logging;

namespace Mainstay.Supervisor;

/// <summary>
/// Runs the services of a manifest as replicas and keeps them alive. One operation (deploy, rollback, scale, restart) at a time for
/// each service; a second one is refused with a clear <see cref="RolloutException"/>.
/// </summary>
public sealed class FleetSupervisor : IAsyncDisposable
{
    private readonly Fleet _fleet;

    /// <param name="traffic">Where replicas are admitted and drained.</param>
    /// <param name="output">Takes the replicas' lines.</param>
    /// <param name="stateDirectory">Absolute path of <c>.mainstay</c>; made if it does not exist.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logs">For what an operator of Mainstay itself must know.</param>
    /// <param name="seed">Of the choice of ports.</param>
    public FleetSupervisor(ITrafficSwitch traffic, IReplicaOutput output, string stateDirectory, TimeProvider time, ILoggerFactory logs, int seed)
        : this(ThisMachine.Fleet(traffic, output, stateDirectory, time, logs, seed))
    {
    }

    internal FleetSupervisor(Fleet fleet) => _fleet = fleet;

    /// <summary>
    /// Cleans up what an earlier run left behind, builds where there is no release yet (or <paramref name="build"/>), starts every replica and
    /// returns once each service has a first ready replica or has failed for a reason that will not go away by itself (throws then, with nothing left running).
    /// A replica that crashes at the start goes on being restarted by the rule: a crash loop, or a first start timeout, is waited for no longer.
    /// <paramref name="progress"/> is told what happens to replicas from now on until <see cref="StopAsync"/> has returned.
    /// </summary>
    public Task StartAsync(ManifestSpec manifest, bool build, IProgress progress, CancellationToken cancel) => _fleet.StartAsync(manifest, build, progress, cancel);

    /// <summary>Builds and rolls the services named (none: all) whose spec or artifact changed, starts new ones, stops those that are gone.</summary>
    /// <param name="manifest">As it is now.</param>
    /// <param name="services">Those named.</param>
    /// <param name="force">Unchanged ones roll, too.</param>
    /// <param name="progress">Told what happens.</param>
    /// <param name="cancel">What is being exchanged is taken back.</param>
    /// <param name="rolled">Called when all has been rolled, before services that are gone are stopped: their traffic can be led elsewhere now.</param>
    public Task DeployAsync(
        ManifestSpec manifest, IReadOnlyList<string> services, bool force, IProgress progress, CancellationToken cancel, Func<Task>? rolled = null) =>
        new Deploy(_fleet, manifest, force, progress).RunAsync(services, rolled ?? (() => Task.CompletedTask), cancel);

    public Task RollbackAsync(string service, IProgress progress, CancellationToken cancel) =>
        _fleet.OperateAsync(service, "rollback", progress, (rollout, token) => rollout.RollbackAsync(token), cancel);

    public Task ScaleAsync(string service, int replicas, IProgress progress, CancellationToken cancel) =>
        _fleet.OperateAsync(service, "scaling", progress, (rollout, token) => rollout.ScaleAsync(replicas, token), cancel);

    public Task RestartAsync(string service, IProgress progress, CancellationToken cancel) =>
        _fleet.OperateAsync(service, "restart", progress, (rollout, token) => rollout.RestartAsync(token), cancel);

    /// <summary>Drains and stops every replica, all at once. The second call waits for the first.</summary>
    public Task StopAsync(IProgress progress) => _fleet.StopAsync(progress);

    public IReadOnlyList<ServiceStatus> Status() => _fleet.Status();

    public ValueTask DisposeAsync() => _fleet.DisposeAsync();
}
