using System.Collections.Immutable;
using Mainstay.Cli.Showing;
using Mainstay.Cli.State;
using Mainstay.Cli.Terminal;
using Mainstay.Manifest;
using Mainstay.Manifest.Model;
using Mainstay.Prove.Experiments;
using Mainstay.Prove.Experiments.Labs;
using Mainstay.Prove.Experiments.Own.Reading;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Processes;
using Mainstay.Prove.Reports;

namespace Mainstay.Cli.Proving;

/// <summary><c>mainstay prove</c>, from the manifest to the verdicts.</summary>
internal sealed class ProveSession(ProveRequest request, ITerminal terminal, TimeProvider time)
{
    /// <summary>The exit code.</summary>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        if (terminal.ReadManifest(request.Place) is not { } manifest)
            return ExitCodes.Usage;
        var (own, findings) = ExperimentFolder.Read(manifest, [.. Catalogue.All.Select(experiment => experiment.Name)], Environment.GetEnvironmentVariable);
        terminal.Show(findings);
        if (findings.Any(finding => finding.Severity == Severity.Error))
            return ExitCodes.Usage;
        var experiments = Catalogue.With(own);
        CheckNames(manifest, experiments);
        var start = time.GetTimestamp();
        var outcome = await ExperimentAsync(manifest, experiments, cancel);
        var report = Verdicting.Report(
            manifest.Name, outcome.Histories, outcome.LeftOut, (time.GetElapsedTime(start).TotalSeconds, request.Budget.TotalSeconds));
        // First what was found: it is known even if the report cannot be written.
        var exit = new Verdicting(terminal).Conclude(report);
        if (request.Report is { } into)
            Write(into, report, outcome, exit);
        return exit;
    }

    /// <exception cref="CommandFailure">It could not be written: what holds is not on the record then.</exception>
    private void Write(string folder, ProveReport report, ProveOutcome outcome, int exit)
    {
        try
        {
            ReportFolder.Write(folder, report, outcome.Histories);
        }
        catch (IOException full)
        {
            throw new CommandFailure(exit == ProveExitCode.Holds ? ProveExitCode.Inconclusive : exit, full.Message);
        }
        terminal.Out($"report: {Path.Combine(folder, "report.html")}");
    }

    private void CheckNames(ManifestSpec manifest, ImmutableArray<IExperiment> experiments)
    {
        if (Wanted.UnknownName(request.Only, experiments) is { } unknown)
            throw CommandFailure.Usage(unknown);
        if (request.Allow.FirstOrDefault(name => manifest.Dependencies.All(dependency => dependency.Name != name)) is { } dependency)
            throw CommandFailure.Usage($"--allow {dependency}: the manifest has no dependency of that name");
    }

    private async Task<ProveOutcome> ExperimentAsync(ManifestSpec manifest, ImmutableArray<IExperiment> experiments, CancellationToken cancel)
    {
        var reach = new Reach(manifest, request.Allow);
        var (sent, left) = Exercises.Of(manifest, reach);
        var scope = new Scope(manifest, reach, sent);
        var plan = ProvePlan.Of(scope, experiments, request.Only, request.Budget);
        if (Wanted.NothingToDo(request.Only, plan, left) is { } nothing)
            throw CommandFailure.Usage(nothing);
        if (Wanted.TooLittle(request.Budget, plan) is { } little)
            throw new CommandFailure(ProveExitCode.Inconclusive, little);
        if (request.Report is { } report)
            ReportPlace.Prepare(report);
        var progress = new ProveProgress(terminal);
        progress.Announce(plan, scope, [.. left, .. plan.Refused]);
        if (sent.IsEmpty)
            return new([], left);
        try
        {
            await using var guard = UndoGuard.Start();
            using var ours = RuntimeFiles.RemovedBy(guard);
            using var folder = LabFolder.Create(Path.GetTempPath(), guard, time);
            await using var proxies = await DependencyProxies.StartAsync(manifest, reach, request.Seed, time);
            await using var host = new UpHost(ChildEnvironment.Of(folder), time, line => terminal.Error(terminal.ErrorStyle.Warn(line)));
            var inLab = LabManifest.Of(WithoutBuilds(manifest), folder.Path, folder.Manifest, proxies.Urls, Laboratory.IsFree);
            await using var lab = new Laboratory(folder, host, inLab, time);
            var order = new ProveOrder(scope, experiments, request.Only, request.Budget, request.Seed);
            var outcome = await new ProveRun(lab, order, proxies.ByName, guard, progress, time).RunAsync(cancel);
            return outcome with { LeftOut = [.. left, .. outcome.LeftOut] };
        }
        catch (LabException failed)
        {
            throw new CommandFailure(ProveExitCode.Inconclusive, failed.Message, failed.LastLines);
        }
    }

    /// <summary>What is run in place by a live `up` was built for it, and must not be built again under its feet.</summary>
    private ManifestSpec WithoutBuilds(ManifestSpec manifest) => !RunLock.IsHeld(request.Place.StateDirectory)
        ? manifest
        : manifest with
        {
            Services = [.. manifest.Services.Select(service => service.Deploy.Artifact is null ? service with { Deploy = service.Deploy with { Build = [] } } : service)],
        };
}
