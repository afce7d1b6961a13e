using Mainstay.Contracts.Control;
using Mainstay.Contracts.Keeping;
using Mainstay.Contracts.Launching;
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

    /// <param name="launcher">Starts replicas; disposed with this.</param>
    /// <param name="traffic">Where replicas are admitted and drained.</param>
    /// <param name="output">Takes the replicas' lines.</param>
    /// <param name="notes">What a later supervisor will need.</param>
    /// <param name="stateDirectory">Absolute path of <c>.mainstay</c>; made if it does not exist.</param>
    /// <param name="logs">For what an operator of Mainstay itself must know.</param>
    public FleetSupervisor(ILauncher launcher, ITrafficSwitch traffic, IReplicaOutput output, INotes notes, string stateDirectory, ILoggerFactory logs)
        : this(ThisMachine.Fleet(launcher, traffic, output, notes, stateDirectory, logs))
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

    /// <summary>
    /// Goes on with what an earlier supervisor left running: replicas keep their processes, ports and releases; those that are missing are
    /// started, what was being exchanged is taken back. Returns once traffic can go on; the rest happens in the background. Also after <see cref="LeaveAsync"/>.
    /// </summary>
    /// <param name="manifest">As it ran.</param>
    /// <param name="progress">Told what happens from now on.</param>
    public void Resume(ManifestSpec manifest, IProgress progress) => _fleet.Resume(manifest, progress);

    /// <summary>
    /// Until the result is disposed nothing can be deployed, scaled or rolled; fails with a <see cref="RolloutException"/> while something is.
    /// </summary>
    public async Task<IDisposable> HoldStillAsync(string why, IProgress progress, CancellationToken cancel) =>
        new Stillness(await _fleet.HoldStillAsync(why, progress, cancel));

    /// <summary>Ends the supervision and leaves everything running, for another supervisor to resume. Only while held still.</summary>
    public Task LeaveAsync() => _fleet.LeaveAsync();

    /// <summary>This supervisor cannot go on: from now on it stops nothing, so that another one finds what runs as it is. Only where others own the processes.</summary>
    public Task AbandonAsync() => _fleet.AbandonAsync();

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

    private sealed class Stillness(IReadOnlyList<Operation> operations) : IDisposable
    {
        public void Dispose()
        {
            foreach (var operation in operations)
                operation.Dispose();
        }
    }
}
