using System.Collections.Immutable;
using Mainstay.Contracts.Control;
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
        lock (_lock)
        {
            _services = _services.Remove(rollout.Fleet.Name);
        }
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

    public async ValueTask DisposeAsync()
    {
        await StopAsync(_life);
        await world.Launcher.DisposeAsync();
        _ending.Dispose();
    }

    private async Task StartOrNothingAsync(ManifestSpec manifest, bool build, IProgress progress, CancellationToken cancel)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancel, _ending.Token);
        try
        {
            await StartServicesAsync(manifest, build, progress, both.Token);
            _watching = WatchAsync();
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

    private async Task WatchAsync()
    {
        try
        {
            using var ticks = new PeriodicTimer(LookInterval, world.Time);
            while (await ticks.WaitForNextTickAsync(_ending.Token))
            {
                foreach (var rollout in Services.Values)
                    Look(rollout);
            }
        }
        catch (OperationCanceledException)
        {
            // The end: replacements under way are waited for with their services.
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
