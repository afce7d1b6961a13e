using System.Collections.Immutable;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Releases;

namespace Mainstay.Supervisor.Rollout;

/// <summary>One deploy: everything is built before anything is touched; then service by service, those that changed. Used once.</summary>
internal sealed class Deploy(Fleet fleet, ManifestSpec manifest, bool force, IProgress progress)
{
    private sealed record Step(ServiceSpec Spec, ServiceRollout Rollout, Operation Operation, bool IsNew);

    /// <param name="services">Those named; empty: all, and then those that the manifest no longer has are stopped.</param>
    /// <param name="rolled">Called before services that are gone are stopped.</param>
    /// <param name="cancel">The caller gave up: what is being exchanged is taken back.</param>
    public async Task RunAsync(IReadOnlyList<string> services, Func<Task> rolled, CancellationToken cancel)
    {
        var chosen = Choose(services);
        var steps = new List<Step>();
        try
        {
            foreach (var spec in chosen)
                steps.Add(await BeginAsync(spec, cancel));
            foreach (var step in steps)
                await TellAsync(step, () => step.Rollout.BuildAsync(step.Spec, manifest.DependenciesOf(step.Spec), progress, step.Operation.Token));
            foreach (var step in steps)
                await TellAsync(step, () => step.IsNew ? StartAsync(step) : RollAsync(step));
            await rolled();
            if (services.Count == 0)
                await RemoveMissingAsync(cancel);
        }
        finally
        {
            foreach (var step in steps)
                await FinishAsync(step);
        }
        fleet.Manifest = services.Count == 0 ? manifest : fleet.Manifest with { Services = Merge(chosen) };
    }

    private List<ServiceSpec> Choose(IReadOnlyList<string> services)
    {
        _ = fleet.Manifest; // Nothing can be deployed before the start.
        foreach (var name in services)
        {
            if (manifest.FindService(name) is null)
                throw new RolloutException($"there is no service {name}; there are: {string.Join(", ", manifest.Services.Select(spec => spec.Name))}");
        }
        return [.. manifest.Services.Where(spec => !spec.IsExternal && (services.Count == 0 || services.Contains(spec.Name)))];
    }

    private async Task<Step> BeginAsync(ServiceSpec spec, CancellationToken cancel)
    {
        var known = fleet.Services.GetValueOrDefault(spec.Name);
        var rollout = known ?? fleet.Create(spec);
        return new(spec, rollout, await rollout.Fleet.Gate.BeginAsync("deploy", progress, cancel), IsNew: known is null);
    }

    private async Task RollAsync(Step step)
    {
        var (spec, rollout, token) = (step.Spec, step.Rollout, step.Operation.Token);
        var dependencies = manifest.DependenciesOf(spec);
        if (force || await rollout.HasChangedAsync(spec, dependencies, token))
        {
            await rollout.DeployAsync(spec, dependencies, progress, token);
            return;
        }
        await rollout.AdoptAsync(spec, token);
        rollout.Fleet.Say(spec.Deploy.Artifact is null ? $"{spec.Name}: unchanged (it runs in place: `mainstay restart {spec.Name}` rolls it anyway)" : $"{spec.Name}: unchanged");
    }

    private Task StartAsync(Step step) =>
        step.Rollout.DeployAsync(step.Spec, manifest.DependenciesOf(step.Spec), progress, step.Operation.Token);

    private async Task RemoveMissingAsync(CancellationToken cancel)
    {
        foreach (var rollout in fleet.Services.Values.Where(rollout => manifest.FindService(rollout.Fleet.Name) is not { IsExternal: false }))
        {
            cancel.ThrowIfCancellationRequested();
            await fleet.RemoveMissingAsync(rollout);
        }
    }

    private static Task TellAsync(Step step, Func<Task> body) => step.Rollout.Fleet.TellAsync("deploy", body);

    /// <summary>A new service that never got a replica leaves nothing behind.</summary>
    private async Task FinishAsync(Step step)
    {
        step.Operation.Dispose();
        if (step.IsNew && step.Rollout.Fleet.Current is null)
            await fleet.RemoveAsync(step.Rollout);
    }

    private ImmutableArray<ServiceSpec> Merge(List<ServiceSpec> chosen)
    {
        var before = fleet.Manifest.Services;
        return [.. before.Select(spec => chosen.Find(changed => changed.Name == spec.Name) ?? spec), .. chosen.Where(spec => before.All(old => old.Name != spec.Name))];
    }
}
