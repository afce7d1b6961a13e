using System.Collections.Immutable;
using Mainstay.Contracts.Control;
using Mainstay.Contracts.Launching;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Releases;
using Mainstay.Supervisor.Replicas;
using Mainstay.Supervisor.Watching;

namespace Mainstay.Supervisor.Rollout;

/// <summary>All services of a manifest: their start, their end, and who does what to which of them.</summary>
internal sealed class Fleet(ReplicaWorld world, string stateDirectory) : IAsyncDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly LifeProgress _life = new();
    private readonly CancellationTokenSource _ending = new();
    private volatile ManifestSpec? _manifest;
    private ImmutableDictionary<string, ServiceRollout> _services = ImmutableDictionary<string, ServiceRollout>.Empty;
    private Task _starting = Task.CompletedTask;
    private CancellationTokenSource _supervising = new();
    private Task _watching = Task.CompletedTask;
    private Task? _stopping;

    public ManifestSpec Manifest
    {
        get => _manifest ?? throw new RolloutException("nothing is running yet; try again when the start has ended");
        set => _manifest = value;
    }

    public ImmutableDictionary<string, ServiceRollout> Services => Volatile.Read(ref _services);

    public Task StartAsync(ManifestSpec manifest, bool build, IProgress progress, CancellationToken cancel)
    {
        lock (_lock)
        {
            if (_stopping is not null)
                throw new RolloutException("it was stopped already");
            _life.Audience = progress;
            return _starting = StartOrNothingAsync(manifest, build, progress, cancel);
        }
    }

    /// <summary>
    /// Goes on with what an earlier supervisor left: takes over its processes at once, then, in the background, makes of each service what
    /// should be. Also after <see cref="LeaveAsync"/>.
    /// </summary>
    public void Resume(ManifestSpec manifest, IProgress progress)
    {
        _life.Audience = progress;
        _manifest = manifest;
        var kept = new KeptProcesses(world.Launcher.Kept);
        foreach (var spec in manifest.Services.Where(spec => !spec.IsExternal))
            Create(spec).Recall(kept.TakeOf(spec.Name));

        var known = Services.Values.ToList();
        // Those of a deploy that nobody finished: clients may have been led to them.
        var gone = kept.Services.Where(name => !Services.ContainsKey(name)).ToList().ConvertAll(name => EndMissingAsync(name, kept.TakeOf(name)));
        // Builds.
        var ending = kept.EndRestAsync();
        lock (_lock)
        {
            _starting = Task.WhenAll([ending, .. gone, .. known.Select(rollout => RecoverAsync(rollout, manifest, progress))]);
            _supervising = new();
            _watching = WatchAsync(_supervising.Token);
        }
    }

    /// <summary>Nothing can be done to any service until the operations returned are disposed; fails if something is being done.</summary>
    public async Task<IReadOnlyList<Operation>> HoldStillAsync(string name, IProgress progress, CancellationToken cancel)
    {
        _ = Manifest;
        var operations = new List<Operation>();
        try
        {
            foreach (var rollout in Services.Values)
                operations.Add(await rollout.Fleet.Gate.BeginAsync(name, progress, cancel));
            return operations;
        }
        catch
        {
            operations.ForEach(operation => operation.Dispose());
            throw;
        }
    }

    /// <summary>Ends the supervision; replicas go on as they are, and the edge's traffic to them too. While nothing is being done to any service.</summary>
    public async Task LeaveAsync()
    {
        await _supervising.CancelAsync();
        await _watching;
        await Task.WhenAll(Services.Values.Select(rollout => rollout.LeaveAsync()));
        lock (_lock)
            _services = ImmutableDictionary<string, ServiceRollout>.Empty;
    }

    /// <summary>Runs one operation on one service.</summary>
    public async Task OperateAsync(string service, string name, IProgress progress, Func<ServiceRollout, CancellationToken, Task> body, CancellationToken cancel)
    {
        var rollout = Find(service);
        using var operation = await rollout.Fleet.Gate.BeginAsync(name, progress, cancel);
        await rollout.Fleet.TellAsync(name, () => body(rollout, operation.Token));
    }

    public ServiceRollout Find(string service)
    {
        if (Services.GetValueOrDefault(service) is { } found)
            return found;
        throw Manifest.FindService(service) is { IsExternal: true }
            ? new RolloutException($"{service} is run by someone else: Mainstay only sends it requests")
            : new RolloutException($"there is no service {service}; there are: {string.Join(", ", Manifest.Services.Select(known => known.Name))}");
    }

    /// <summary>A service that does not run yet.</summary>
    public ServiceRollout Create(ServiceSpec spec)
    {
        var fleet = new ServiceFleet(spec, world, _life);
        var store = new ReleaseStore(stateDirectory, spec.Name);
        var rollout = new ServiceRollout(fleet, store, new ReleaseMaker(fleet, store, stateDirectory));
        lock (_lock)
        {
            if (_stopping is not null)
                throw new OperationCanceledException();
            _services = _services.Add(spec.Name, rollout);
        }
        return rollout;
    }

    /// <summary>Drains and stops a service, and forgets it.</summary>
    public async Task RemoveAsync(ServiceRollout rollout)
    {
        await rollout.EndAsync();
        rollout.Fleet.Forget();
        lock (_lock)
        {
            _services = _services.Remove(rollout.Fleet.Name);
        }
    }

    /// <summary>Drains and stops a service that the manifest no longer has; nothing of it is remembered.</summary>
    public async Task RemoveMissingAsync(ServiceRollout rollout)
    {
        rollout.Fleet.Say($"{rollout.Fleet.Name}: no longer in the manifest; draining and stopping it");
        await RemoveAsync(rollout);
        world.Output.Forget(rollout.Fleet.Name);
    }

    public IReadOnlyList<ServiceStatus> Status()
    {
        var services = Services;
        var declared = _manifest?.Services ?? [];
        var known = declared.Select(spec => spec.IsExternal
            ? new ServiceStatus(spec.Name, 0, [], [.. spec.Urls.Select(url => url.ToString())])
            : services.GetValueOrDefault(spec.Name)?.Fleet.Status());
        var others = services.Values.Where(rollout => declared.All(spec => spec.Name != rollout.Fleet.Name)).Select(rollout => rollout.Fleet.Status());
        return [.. known.OfType<ServiceStatus>(), .. others];
    }

    public Task StopAsync(IProgress progress)
    {
        lock (_lock)
        {
            return _stopping ??= StopOnceAsync(progress);
        }
    }

    /// <summary>Stops nothing, now or later: what runs is left as it is, also what is just being stopped or exchanged.</summary>
    public async Task AbandonAsync()
    {
        lock (_lock)
            _stopping ??= Task.CompletedTask;
        await _ending.CancelAsync();
        await Task.WhenAll(Services.Values.Select(rollout => rollout.Fleet.LeaveAsync()));
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(_life);
        await world.Launcher.DisposeAsync();
        _ending.Dispose();
        _supervising.Dispose();
    }

    private async Task StartOrNothingAsync(ManifestSpec manifest, bool build, IProgress progress, CancellationToken cancel)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, _ending.Token);
        try
        {
            await StartServicesAsync(manifest, build, progress, both.Token);
            _watching = WatchAsync(_supervising.Token);
        }
        catch
        {
            await CloseAllAsync();
            throw;
        }
    }

    private async Task StartServicesAsync(ManifestSpec manifest, bool build, IProgress progress, CancellationToken cancel)
    {
        var operations = new List<Operation>();
        try
        {
            foreach (var rollout in manifest.Services.Where(spec => !spec.IsExternal).Select(Create))
                operations.Add(await rollout.Fleet.Gate.BeginAsync("start", progress, cancel));
            _manifest = manifest;
            // Of an earlier supervisor whose start was never completed: what it had begun is begun anew.
            await new KeptProcesses(world.Launcher.Kept).EndRestAsync().WaitAsync(cancel);
            foreach (var rollout in manifest.Services.Select(spec => Services.GetValueOrDefault(spec.Name)).OfType<ServiceRollout>())
                await PrepareAsync(rollout, manifest, build, progress, cancel);
            await Task.WhenAll(Services.Values.Select(rollout => rollout.StartAsync(cancel)));
        }
        finally
        {
            operations.ForEach(operation => operation.Dispose());
        }
    }

    private static async Task PrepareAsync(ServiceRollout rollout, ManifestSpec manifest, bool build, IProgress progress, CancellationToken cancel)
    {
        var spec = rollout.Fleet.Spec;
        try
        {
            await rollout.PrepareStartAsync(spec, manifest.DependenciesOf(spec), build, progress, cancel);
        }
        catch (RolloutException failure)
        {
            throw new RolloutException($"{spec.Name}: {failure.Message}", failure.LastLines);
        }
    }

    private async Task StopOnceAsync(IProgress progress)
    {
        await Task.Yield(); // Called under the lock, which what follows takes too.
        await _ending.CancelAsync();
        var running = Services.Values.Sum(rollout => rollout.Fleet.Replicas.Length);
        if (running > 0)
            progress.Say($"draining and stopping {running} replica{(running == 1 ? "" : "s")}");
        await Task.WhenAll(CloseAllAsync(), _starting.ContinueWith(static _ => { }, TaskScheduler.Default), _watching);
        await CloseAllAsync();
    }

    private Task CloseAllAsync() => Task.WhenAll(Services.Values.Select(rollout => rollout.EndAsync()));

    /// <summary>What is left of a service that is not in the manifest ends as any other does.</summary>
    private Task EndMissingAsync(string service, IReadOnlyList<(IKeptProcess Process, ReplicaLabel Label)> left)
    {
        var release = ServiceRollout.ReleaseOf(service, left[^1].Label.Release, stateDirectory, world.Notes);
        var rollout = Create(release.Spec);
        foreach (var (process, label) in left)
            rollout.Fleet.Adopt(release with { Number = label.Release }, process, label, isStopping: true);
        return RemoveMissingAsync(rollout);
    }

    /// <summary>Never faults: what fails is told, and the replicas' own loops go on.</summary>
    private async Task RecoverAsync(ServiceRollout rollout, ManifestSpec manifest, IProgress progress)
    {
        try
        {
            using var operation = await rollout.Fleet.Gate.BeginAsync("recovery", progress, _ending.Token);
            await rollout.CompleteRecoveryAsync(manifest.DependenciesOf(rollout.Fleet.Spec), progress, operation.Token);
        }
        catch (OperationCanceledException)
        {
            // The end came first.
        }
        catch (Exception failure)
        {
            progress.Say($"{rollout.Fleet.Name}: could not be brought back to what it should be: {failure.Message}");
        }
    }

    private async Task WatchAsync(CancellationToken supervising)
    {
        try
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(supervising, _ending.Token);
            using var ticks = new PeriodicTimer(LookInterval, world.Time);
            while (await ticks.WaitForNextTickAsync(both.Token))
            {
                foreach (var rollout in Services.Values)
                    Look(rollout);
            }
        }
        catch (OperationCanceledException)
        {
            // The end, or another supervisor: replacements under way are waited for with their services.
        }
    }

    private void Look(ServiceRollout rollout)
    {
        try
        {
            rollout.Look();
        }
        catch (Exception failure)
        {
            world.Log.LookFailed(failure, rollout.Fleet.Name);
        }
    }
}
