using Mainstay.Cli.Control;
using Mainstay.Cli.Logs;
using Mainstay.Cli.State;
using Mainstay.Contracts.Control;
using Mainstay.Contracts.Keeping;
using Mainstay.Edge;
using Mainstay.Manifest;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor;

namespace Mainstay.Cli.Composition;

/// <summary>A running manifest: the edge and the supervisor under one roof, as the control socket sees them.</summary>
internal sealed class RunningApplication(
    RunningNote running, EdgeServer edge, FleetSupervisor fleet, LogMemory logs, Func<IProgress?, IProgress> announce, Stopping stopping) : IControlled
{
    private readonly TaskCompletionSource _takenOver = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ManifestSpec _manifest = running.Manifest;
    private volatile bool _edgeStarted;
    private int _deploying;

    /// <summary>The process that a user stops.</summary>
    public int Pid { get; init; } = Environment.ProcessId;

    /// <summary>Where a later core reads what runs.</summary>
    public INotes Notes { get; init; } = new PlainNotes();

    /// <summary>Null where there is no keeper.</summary>
    public Upgrade? Upgrade { get; set; }

    public LogMemory Logs => logs;

    /// <summary>Completes when no other core has requests on the replicas, or should not have any more.</summary>
    public Task Alone { get; init; } = Task.CompletedTask;

    public Task TakenOver => running.HasStarted ? _takenOver.Task : Task.CompletedTask;

    /// <summary>Called when a person asks for the end.</summary>
    public Action? StopAsked { get; init; }

    public ControlHello Hello() => new(Pid, _manifest.Name, _manifest.File, _edgeStarted ? edge.Status().Listen : []);

    public StatusReport Status()
    {
        var services = fleet.Status();
        var external = _manifest.Services
            .Where(service => service.IsExternal && services.All(known => known.Name != service.Name))
            .Select(service => new ServiceStatus(service.Name, 0, [], [.. service.Urls.Select(url => url.ToString().TrimEnd('/'))]));
        return new(_manifest.Name, _edgeStarted ? edge.Status() : new([], false, 0, 0, 0, 0), [.. services, .. external]);
    }

    /// <summary>The edge first: a port in use ends it here, with nothing to clean up. Then the replicas.</summary>
    public async Task StartAsync(bool build)
    {
        new RunningNote(_manifest, HasStarted: false).Write(Notes);
        await edge.StartAsync(_manifest, stopping.Token);
        _edgeStarted = true;
        await fleet.StartAsync(_manifest, build, announce(null), stopping.Token);
        new RunningNote(_manifest, HasStarted: true).Write(Notes);
    }

    /// <summary>Goes on with what an earlier core ran: clients are let in at once, and sent on as soon as the replicas are taken over.</summary>
    public async Task ResumeAsync()
    {
        // Also when a stop has been asked for: only what has been taken over can be drained.
        await edge.StartAsync(_manifest, CancellationToken.None);
        _edgeStarted = true;
        fleet.Resume(_manifest, announce(null));
        _takenOver.SetResult();
    }

    /// <summary>Takes over again what was handed over. Whoever had it meanwhile has remembered what came.</summary>
    public void TakeBack()
    {
        logs.Reread();
        fleet.Resume(_manifest, announce(null));
    }

    /// <summary>Another core serves: finishes what is in flight, and no more.</summary>
    public async Task LeaveAsync()
    {
        var drained = await edge.LeaveAsync(LongestDrain(), CancellationToken.None);
        if (drained.Cut > 0)
            announce(null).Say($"upgrade: {drained.Cut} requests of the earlier core were cut after {Said(LongestDrain())}");
    }

    /// <summary>Lame duck, drain, stop: whoever has a connection is told to go, whoever has a request gets the answer.</summary>
    public async Task StopAllAsync(TimeProvider time)
    {
        var progress = announce(stopping.Listener);
        if (_edgeStarted)
        {
            edge.BecomeLameDuck();
            progress.Say($"stopping: still serving for {Said(_manifest.Edge.LameDuck)}, announcing the end");
            await Task.Delay(_manifest.Edge.LameDuck, time);
            progress.Say("stopping: waiting for what is in flight");
            var drained = await edge.StopAsync(LongestDrain(), CancellationToken.None);
            if (drained.Cut > 0)
                progress.Say($"stopping: {drained.Cut} requests were cut after {Said(LongestDrain())}");
        }
        await AloneAsync(progress);
        await fleet.StopAsync(progress);
        progress.Say("stopped");
    }

    public async Task DeployAsync(ControlRequest request, IProgress progress, CancellationToken clientGone)
    {
        stopping.RefuseIfStopping();
        if (Interlocked.Exchange(ref _deploying, 1) == 1)
            throw CommandFailure.Failed("another deploy is running; wait until it is done ('mainstay status' shows it)");
        try
        {
            var services = request.Services ?? [];
            var target = DeployScope.Target(_manifest, ReadAgain(request), services);
            clientGone.ThrowIfCancellationRequested();
            await AloneAsync(progress);
            // From here on it goes through to its end, whoever listens.
            await DeployAsync(target, services, request.Force, Operation(progress));
        }
        finally
        {
            Volatile.Write(ref _deploying, 0);
        }
    }

    public async Task RollbackAsync(string service, IProgress progress)
    {
        await AloneAsync(progress);
        await fleet.RollbackAsync(Known(service), Operation(progress), stopping.Token);
    }

    public async Task ScaleAsync(string service, int replicas, IProgress progress)
    {
        await AloneAsync(progress);
        await fleet.ScaleAsync(Known(service), replicas, Operation(progress), stopping.Token);
    }

    public async Task RestartAsync(string service, IProgress progress)
    {
        await AloneAsync(progress);
        await fleet.RestartAsync(Known(service), Operation(progress), stopping.Token);
    }

    public Task UpgradeAsync(IReadOnlyList<string> program, IProgress progress) => Upgrade is { } upgrade
        ? upgrade.RunAsync(program, progress)
        : throw CommandFailure.Failed("there is no keeper here that could exchange the running Mainstay; stop it and start the new one");

    public Task StopAsync(IProgress progress)
    {
        StopAsked?.Invoke();
        return stopping.RequestAsync(progress);
    }

    /// <summary>The core before this one may still have requests on the replicas, of which this one's edge knows nothing: they come first.</summary>
    private async Task AloneAsync(IProgress progress)
    {
        if (Alone.IsCompleted)
            return;
        progress.Say("waiting for the last requests of the core before this one");
        await Alone;
    }

    private async Task DeployAsync(ManifestSpec target, IReadOnlyList<string> services, bool force, IProgress progress)
    {
        var before = _manifest;
        await edge.ApplyAsync(DeployScope.Passage(before, target), stopping.Token);
        try
        {
            // A service that is gone stops only when no route leads to it any more.
            await fleet.DeployAsync(target, services, force, progress, stopping.Token, rolled: () => edge.ApplyAsync(target, stopping.Token));
            _manifest = target;
            new RunningNote(target, HasStarted: true).Write(Notes);
        }
        catch when (!stopping.Token.IsCancellationRequested)
        {
            await edge.ApplyAsync(before, CancellationToken.None);
            throw;
        }
    }

    private ManifestSpec ReadAgain(ControlRequest request)
    {
        if (_manifest.File is null)
            return _manifest;
        var variables = request.Variables ?? new Dictionary<string, string>();
        var result = ManifestReader.Read(_manifest.File, name => variables.GetValueOrDefault(name));
        if (result.Manifest is { } written)
            return written;
        var errors = result.Findings.Where(finding => finding.Severity == Severity.Error).Select(finding => finding.ToString()).ToList();
        throw new CommandFailure(ExitCodes.Usage, $"the manifest has {(errors.Count == 1 ? "an error" : $"{errors.Count} errors")}; nothing was touched", errors);
    }

    private string Known(string name)
    {
        stopping.RefuseIfStopping();
        return _manifest.FindService(name) switch
        {
            null => throw CommandFailure.Usage($"there is no service '{name}'; known are: {string.Join(", ", _manifest.Services.Select(service => service.Name))}"),
            { IsExternal: true } => throw CommandFailure.Usage($"'{name}' is run by someone else ('urls'); Mainstay cannot roll or scale it"),
            _ => name,
        };
    }

    private OperationProgress Operation(IProgress client) => new(client, announce(null));

    private TimeSpan LongestDrain() => StopTimes.LongestDrain(_manifest);

    private static string Said(TimeSpan span) => span.TotalSeconds < 1 ? $"{span.TotalMilliseconds:0} ms" : $"{span.TotalSeconds:0.#} s";
}
