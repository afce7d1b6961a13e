using System.Collections.Immutable;
using Mainstay.Contracts.Keeping;
using Mainstay.Contracts.Launching;
using Mainstay.Manifest;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Releases;
using Mainstay.Supervisor.Replicas;
using Mainstay.Supervisor.Watching;

namespace Mainstay.Supervisor.Rollout;

/// <summary>What can be done to a service as a whole. Each method belongs to an operation that the caller began at the fleet's gate.</summary>
internal sealed class ServiceRollout(ServiceFleet fleet, ReleaseStore store, ReleaseMaker maker)
{
    private readonly MemoryWatch _memory = new(fleet);
    private IReadOnlyList<(IKeptProcess Process, ReplicaLabel Label)> _left = [];
    private Recovery? _recovery;

    public ServiceFleet Fleet => fleet;

    public Task BuildAsync(ServiceSpec spec, ImmutableArray<DependencySpec> dependencies, IProgress progress, CancellationToken cancel) =>
        maker.BuildAsync(spec, dependencies, progress, cancel);

    /// <summary>Decides <see cref="ServiceFleet.Current"/>, the release to start with: the one that ran last, unless there is none, or <paramref name="build"/>, or the manifest was changed.</summary>
    public async Task PrepareStartAsync(ServiceSpec spec, ImmutableArray<DependencySpec> dependencies, bool build, IProgress progress, CancellationToken cancel)
    {
        store.DiscardFailedStarts();
        var ledger = store.Ledger();
        var fingerprint = SpecFingerprint.Of(spec, dependencies);
        var last = store.Find(ledger.Current);
        if (last is null || build || (spec.Deploy.Artifact is null) != (last.Snapshot is null))
        {
            await maker.BuildAsync(spec, dependencies, progress, cancel);
            fleet.Current = await maker.MakeForStartAsync(spec, dependencies, progress, cancel);
        }
        else if (ledger.Declared == fingerprint)
        {
            fleet.Current = last.Fingerprint == fingerprint ? last with { Spec = spec } : last;
        }
        else
        {
            fleet.Current = await maker.RenewAsync(last, spec, dependencies, progress, cancel);
        }
        fleet.Unconfirmed = fingerprint;
    }

    /// <summary>Starts every replica; completes when one is ready, or the restart rule goes on alone. Throws if trying again cannot help.</summary>
    public async Task StartAsync(CancellationToken cancel)
    {
        var replicas = Enumerable.Range(0, fleet.Wanted).Select(_ => fleet.Add(fleet.Current!)).ToList();
        using var patience = new CancellationTokenSource(fleet.Spec.Health.Start, fleet.World.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancel);
        try
        {
            await foreach (var settled in Task.WhenEach(replicas.Select(replica => replica.WaitAsync(IsSettled, both.Token))).WithCancellation(cancel))
            {
                var state = await settled;
                if (state.Hopeless)
                    throw new RolloutException($"{fleet.Name}: {state.Reason}", state.LastLines);
                if (state.IsReady)
                    break;
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            // None was ready in time: that was said, and the restart rule goes on with them.
        }
        ConfirmStart();
    }

    /// <summary>
    /// Goes on where an earlier supervisor left, at once. If it left no word about this service, or one that this version cannot read, what runs
    /// of it waits for <see cref="CompleteRecoveryAsync"/>.
    /// </summary>
    public void Recall(IReadOnlyList<(IKeptProcess Process, ReplicaLabel Label)> processes)
    {
        _left = processes;
        if (ServiceNote.Parse(fleet.World.Notes.Read(ServiceNote.KeyOf(fleet.Name))) is not { } note)
            return;
        fleet.Recall(note);
        TakeUp();
    }

    /// <summary>
    /// What replicas ran of a service that the manifest does not have: as it was written down, or else as it was noted; if nobody knows any more,
    /// with every default.
    /// </summary>
    public static Release ReleaseOf(string service, int number, string stateDirectory, INotes notes)
    {
        if (new ReleaseStore(stateDirectory, service).Find(number) is { } written)
            return written;
        var spec = ServiceNote.Parse(notes.Read(ServiceNote.KeyOf(service)))?.Spec
            ?? ManifestReader.ForCommand(stateDirectory, [service], replicas: 1).Manifest!.Services[0] with { Name = service };
        return new(number, DateTimeOffset.UnixEpoch, spec, [], "", ArtifactFingerprint: null, Snapshot: null);
    }

    /// <summary>Makes of what was left what should be: as noted, or else as a start would.</summary>
    public async Task CompleteRecoveryAsync(ImmutableArray<DependencySpec> dependencies, IProgress progress, CancellationToken cancel)
    {
        if (fleet.Current is null)
        {
            try
            {
                await PrepareStartAsync(fleet.Spec, dependencies, build: false, progress, cancel);
            }
            catch
            {
                await KeptProcesses.EndAsync(_left.Select(left => left.Process));
                throw;
            }

            TakeUp();
        }

        await _recovery!.CompleteAsync(cancel);
    }

    /// <summary>Called about every second: memory, and what else is not told by itself.</summary>
    public void Look()
    {
        ConfirmStart();
        _memory.Look();
    }

    /// <summary>Ends the supervision; what runs goes on.</summary>
    public async Task LeaveAsync()
    {
        await _memory.EndAsync();
        await fleet.LeaveAsync();
    }

    /// <summary>Drains and stops it for good, with whatever is being done to it.</summary>
    public async Task EndAsync()
    {
        await fleet.CloseAsync();
        await _memory.EndAsync();
    }

    private void TakeUp()
    {
        _recovery = new(fleet, store);
        _recovery.Adopt(_left);
    }

    /// <summary>Once a replica of the release that was started is ready: remembers that release as one that serves.</summary>
    private void ConfirmStart()
    {
        if (fleet.Unconfirmed is not null && fleet.Current is { } release && fleet.Replicas.Any(replica => replica.State.IsReady)
            && fleet.TakeUnconfirmed() is { } declared)
            Choose(release, declared);
    }

    /// <summary>The rollout: release → before → replicas one by one → kept. The build is done already; whatever fails, the old release serves.</summary>
    public async Task DeployAsync(ServiceSpec spec, ImmutableArray<DependencySpec> dependencies, IProgress progress, CancellationToken cancel)
    {
        var release = await maker.MakeAsync(spec, dependencies, progress, cancel);
        fleet.Say($"{fleet.Name}: rolling out release {release.Number}");
        try
        {
            await new Roll(fleet, release, cancel).ReplaceAllAsync(spec.Replicas);
        }
        catch when (!fleet.IsClosing) // Then its replicas are still being stopped, and need their files.
        {
            store.Discard(release);
            throw;
        }
        fleet.Current = release;
        fleet.Wanted = spec.Replicas;
        fleet.Apply(spec);
        Choose(release, release.Fingerprint);
        fleet.Say($"{fleet.Name}: release {release.Number} serves");
    }

    public Task<bool> HasChangedAsync(ServiceSpec spec, ImmutableArray<DependencySpec> dependencies, CancellationToken cancel) =>
        fleet.Current is { } current ? maker.HasChangedAsync(current, spec, dependencies, cancel) : Task.FromResult(true);

    /// <summary>Takes over what needs no new process: the number of replicas, health, stop, memory.</summary>
    public async Task AdoptAsync(ServiceSpec spec, CancellationToken cancel)
    {
        fleet.Current = fleet.Current! with { Spec = spec };
        fleet.Apply(spec);
        Choose(fleet.Current, fleet.Current.Fingerprint);
        if (spec.Replicas != fleet.Wanted)
            await ScaleAsync(spec.Replicas, cancel);
    }

    public async Task RollbackAsync(CancellationToken cancel)
    {
        var current = fleet.Current!;
        var previous = store.Before(current.Number)
            ?? throw new RolloutException($"there is no release before {current.Number} to go back to");
        fleet.Say($"{fleet.Name}: going back from release {current.Number} to {previous.Number}");
        await new Roll(fleet, previous, cancel).ReplaceAllAsync(fleet.Wanted);
        fleet.Current = previous;
        fleet.Apply(previous.Spec);
        Choose(previous, store.Ledger().Declared);
        fleet.Say($"{fleet.Name}: release {previous.Number} serves");
    }

    public async Task RestartAsync(CancellationToken cancel)
    {
        fleet.Say($"{fleet.Name}: restarting, one replica at a time");
        await new Roll(fleet, fleet.Current!, cancel).ReplaceAllAsync(fleet.Wanted);
        fleet.Say($"{fleet.Name}: restarted");
    }

    public async Task ScaleAsync(int replicas, CancellationToken cancel)
    {
        var now = fleet.Replicas;
        if (replicas < 1)
            throw new RolloutException("a service has at least one replica; `mainstay stop` ends them all");
        if (replicas > 1 && fleet.Spec.MustNotOverlap())
            throw new RolloutException(fleet.Spec.Port.Kind == PortKind.Fixed
                ? $"it has the fixed port {fleet.Spec.Port.Number}, which only one replica can have; `port: auto` allows more"
                : "with `overlap: false` no two replicas of it may run at once");
        fleet.Say($"{fleet.Name}: {now.Length} → {replicas} replicas");
        if (replicas > now.Length)
            await new Roll(fleet, fleet.Current!, cancel).AddAsync(replicas - now.Length);
        fleet.Wanted = replicas;
        // Those that do not serve go first, then the highest numbers.
        var surplus = now.OrderBy(replica => replica.State.IsReady).ThenByDescending(replica => replica.Name.Length).ThenByDescending(replica => replica.Name, StringComparer.Ordinal);
        await Task.WhenAll(surplus.Take(now.Length - replicas).Select(fleet.RemoveAsync));
        fleet.Say($"{fleet.Name}: {replicas} replica{(replicas == 1 ? "" : "s")}");
    }

    private static bool IsSettled(ReplicaState now) =>
        now.IsReady || now.CrashLoop || now.Hopeless || now.Phase == ReplicaPhase.Stopped;

    /// <summary>A full disk is no reason to call a rollout failed whose replicas serve.</summary>
    private void Choose(Release release, string? declared)
    {
        // Not on the disk, so no start could go on with it: the next one decides as this one did.
        if (!store.Holds(release.Number))
            return;
        try
        {
            store.Choose(release, declared, fleet.Replicas.Select(replica => replica.Release.Number));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            fleet.Say($"{fleet.Name}: that release {release.Number} serves could not be written down ({failure.Message}): the next `mainstay up` may start another one");
        }
    }
}
