using System.Collections.Immutable;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Releases;

namespace Mainstay.Supervisor.Rollout;

/// <summary>Makes releases of one service: build, snapshot, <c>before</c>.</summary>
internal sealed class ReleaseMaker(ServiceFleet fleet, ReleaseStore store, string stateDirectory)
{
    private readonly CommandStep _step = new(fleet.World.Launcher);

    /// <summary>Runs the service's <c>build</c>, if it has one.</summary>
    public async Task BuildAsync(ServiceSpec spec, ImmutableArray<DependencySpec> dependencies, IProgress progress, CancellationToken cancel)
    {
        if (spec.Deploy.Build.IsDefaultOrEmpty)
            return;
        fleet.Say($"{spec.Name}: building");
        await _step.RunAsync("build", () => fleet.World.Plan.ForBuild(spec, dependencies), progress, cancel);
    }

    /// <summary>Whether what is written and built now differs from a release; what a build in place changed cannot be known.</summary>
    public async Task<bool> HasChangedAsync(Release current, ServiceSpec spec, ImmutableArray<DependencySpec> dependencies, CancellationToken cancel)
    {
        if (current.Fingerprint != SpecFingerprint.Of(spec, dependencies))
            return true;
        return spec.Deploy.Artifact is { } artifact
            ? current.ArtifactFingerprint != await FingerprintAsync(artifact, cancel)
            : !spec.Deploy.Build.IsDefaultOrEmpty;
    }

    /// <summary>Snapshots what was built and runs <c>before</c> in it. On any failure nothing of the release remains.</summary>
    public async Task<Release> MakeAsync(ServiceSpec spec, ImmutableArray<DependencySpec> dependencies, IProgress progress, CancellationToken cancel) =>
        await FinishAsync(await SnapshotAsync(await DraftAsync(spec, dependencies, cancel), spec.Deploy.Artifact, cancel), progress, cancel);

    /// <summary>As <see cref="MakeAsync"/>, for a start: a release that needs no files of its own serves also when it cannot be written down.</summary>
    public async Task<Release> MakeForStartAsync(ServiceSpec spec, ImmutableArray<DependencySpec> dependencies, IProgress progress, CancellationToken cancel)
    {
        var draft = await DraftAsync(spec, dependencies, cancel);
        var release = spec.Deploy.Artifact is { } artifact ? await SnapshotAsync(draft, artifact, cancel) : await SnapshotOrKeepAsync(draft, files: null, cancel);
        return await FinishAsync(release, progress, cancel);
    }

    /// <summary>For a start: a new release of a changed spec on the files of an older one. Nothing was built; if nothing can be written either, it serves on those files.</summary>
    public async Task<Release> RenewAsync(Release old, ServiceSpec spec, ImmutableArray<DependencySpec> dependencies, IProgress progress, CancellationToken cancel)
    {
        var draft = old with
        {
            Created = fleet.World.Time.GetUtcNow(),
            Spec = spec,
            Dependencies = dependencies,
            Fingerprint = SpecFingerprint.Of(spec, dependencies),
            Snapshot = null,
        };
        return await FinishAsync(await SnapshotOrKeepAsync(draft, old.Snapshot, cancel), progress, cancel);
    }

    private async Task<Release> DraftAsync(ServiceSpec spec, ImmutableArray<DependencySpec> dependencies, CancellationToken cancel) => new(
        fleet.Current?.Number ?? 0,
        fleet.World.Time.GetUtcNow(),
        spec,
        dependencies,
        SpecFingerprint.Of(spec, dependencies),
        spec.Deploy.Artifact is { } artifact ? await FingerprintAsync(artifact, cancel) : null,
        Snapshot: null);

    private async Task<Release> FinishAsync(Release release, IProgress progress, CancellationToken cancel)
    {
        if (release.Spec.Deploy.Before.IsDefaultOrEmpty)
            return release;
        try
        {
            fleet.Say($"{release.Spec.Name}: running `before` of release {release.Number}");
            await _step.RunAsync("`before`", () => fleet.World.Plan.ForBefore(release), progress, cancel);
            return release;
        }
        catch
        {
            store.Discard(release);
            throw;
        }
    }

    /// <summary>A machine whose disk takes nothing still serves what is there: the release is known to this run alone then.</summary>
    private async Task<Release> SnapshotOrKeepAsync(Release draft, string? files, CancellationToken cancel)
    {
        try
        {
            return await SnapshotAsync(draft, files, cancel);
        }
        catch (RolloutException unwritten)
        {
            var kept = draft with { Number = store.NextNumber(after: draft.Number), Snapshot = files };
            fleet.Say($"{kept.Spec.Name}: release {kept.Number} serves, but only until the next start: {unwritten.Message}");
            return kept;
        }
    }

    private async Task<Release> SnapshotAsync(Release draft, string? files, CancellationToken cancel)
    {
        try
        {
            return await Task.Run(() => store.Add(draft, files, cancel), cancel);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var what = files is null ? "could not be written" : $"could not be snapshotted from {files}";
            throw new RolloutException($"the release {what}: {failure.Message}");
        }
    }

    private async Task<string> FingerprintAsync(string artifact, CancellationToken cancel)
    {
        if (!Path.Exists(artifact))
            throw new RolloutException($"deploy.artifact {artifact} does not exist; let deploy.build make it, or correct the path");
        try
        {
            return await Task.Run(() => ArtifactFingerprint.OfAsync(artifact, stateDirectory, cancel), cancel);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new RolloutException($"deploy.artifact {artifact} could not be read: {failure.Message}");
        }
    }
}
