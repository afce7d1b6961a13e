using Mainstay.Contracts.Launching;
using Mainstay.Contracts.Traffic;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Probing;
using Mainstay.Supervisor.Releases;
using Mainstay.Supervisor.Stopping;

namespace Mainstay.Supervisor.Replicas;

/// <summary>
/// One life of a replica: launch → ready → traffic → exit. Run once, by the replica's loop. It may begin in the middle, with a process that an
/// earlier supervisor launched, and it may be left to a later one.
/// </summary>
internal sealed class ReplicaLife(ReplicaWorld world, string replica, Release release, Func<ServiceSpec> spec, ReplicaVoice voice, ReplicaSink sink)
{
    private bool _wasReady;
    private long? _signalled;
    private (LifeStage Stage, DateTimeOffset Since)? _stage;
    private bool _portTaken;
    private bool _strangerSeen;

    private string Service => release.Spec.Name;

    public async Task<LifeEnd> RunAsync(LifeOrders orders)
    {
        try
        {
            using var reservation = release.Spec.Port.Kind == PortKind.Auto ? world.Ports.Reserve() : null;
            int? port = release.Spec.Port.Kind == PortKind.Fixed ? release.Spec.Port.Number : reservation?.Port;
            var process = await world.Launcher.LaunchAsync(world.Plan.ForReplica(replica, release, port), sink, CancellationToken.None);
            voice.Launched(process.Pid, port);
            Label(process, port, LifeStage.Starting);
            var end = await LiveOrEndAsync(process, port, orders);
            if (end.PortTaken && reservation is not null)
                world.Ports.Avoid(reservation.Port);
            return end;
        }
        catch (LaunchException failure)
        {
            return new(WasReady: false, failure.Message, [], Hopeless: true);
        }
    }

    /// <summary>Goes on with a process that an earlier supervisor launched.</summary>
    public async Task<LifeEnd> AdoptAsync(IKeptProcess kept, ReplicaLabel label, LifeOrders orders)
    {
        using var reservation = release.Spec.Port.Kind == PortKind.Auto && label.Port is { } number ? world.Ports.Claim(number) : null;
        var process = kept.Adopt(sink);
        _wasReady = label.Stage != LifeStage.Starting;
        _signalled = label.Signalled;
        _stage = label.Since is { } since ? (label.Stage, since) : null;
        voice.Adopted(process.Pid, label);
        return await LiveOrEndAsync(process, label.Port, orders);
    }

    /// <summary>Whatever goes wrong here, no process is left unwatched.</summary>
    private async Task<LifeEnd> LiveOrEndAsync(IProcess process, int? port, LifeOrders orders)
    {
        try
        {
            return await LiveAsync(process, port, orders);
        }
        catch
        {
            world.Traffic.Remove(Service, replica);
            process.Signal(Signals.Kill);
            await process.Exited;
            throw;
        }
    }

    private async Task<LifeEnd> LiveAsync(IProcess process, int? port, LifeOrders orders)
    {
        using var watching = new CancellationTokenSource();
        // One that an earlier supervisor was stopping gets no traffic again.
        var watch = orders.Stop.IsCompleted ? Task.FromResult<string?>(null) : WatchAsync(process, port, watching.Token);
        await Task.WhenAny(process.Exited, watch, orders.Stop, orders.Leave, orders.Condemned);
        if (process.Exited.IsCompleted)
            world.Traffic.Remove(Service, replica);
        await watching.CancelAsync();
        var condemned = await watch ?? (orders.Condemned.IsCompleted && !process.Exited.IsCompleted ? await orders.Condemned : null);
        if (orders.Leave.IsCompleted)
            return LifeEnd.Left;
        StopOutcome? stop = null;
        if ((orders.Stop.IsCompleted || condemned is not null) && !process.Exited.IsCompleted)
        {
            Label(process, port, LifeStage.Stopping);
            stop = orders.Stop.IsCompleted
                ? await Stopping(port).RunAsync(process, spec(), replica, _wasReady, _signalled, voice.Entering, orders.Leave)
                : await RemoveAsync(process, port, orders.Leave);
        }

        if (stop is { End: StopEnd.Left })
            return LifeEnd.Left;
        var status = await process.Exited;
        if (stop is { } stopped && orders.Stop.IsCompleted)
            voice.Ended(stopped, status, spec().Stop);
        world.Traffic.Remove(Service, replica);
        var last = sink.Last.Snapshot();
        var portTaken = _portTaken || (!_wasReady && port is not null && !status.Succeeded && PortClash.Explains(last));
        return new(_wasReady, Explain(condemned, status, port, portTaken), last, Hopeless: !_wasReady && status.Code is 126 or 127, portTaken);
    }

    /// <summary>Why the replica must be ended, or null when it ended, or is to be stopped, for another reason.</summary>
    private async Task<string?> WatchAsync(IProcess process, int? port, CancellationToken cancel)
    {
        var probes = Probes.Of(release.Spec with { Health = spec().Health }, port, world.Time);
        try
        {
            var began = world.Time.GetTimestamp();
            var isNew = !_wasReady;
            if (isNew && await new StartWatch(world.Time).UntilReadyAsync(probes.Ready, spec().Health, () => ObjectTo(process, port), cancel) is { } objection)
                return objection;
            Admit(port);
            Label(process, port, LifeStage.Ready);
            var listener = port is { } number ? ListenerSight.Of(world.Tree, process.Pid, number) : default;
            voice.Ready(listener, isNew ? world.Time.GetElapsedTime(began) : null);
            return await new HealthWatch(probes, () => spec().Health, world.Time)
                .UntilDeadAsync(lost => ReadinessChanged(lost, port), voice.Blind, () => HasVanished(process, port, listener), cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private void Label(IProcess process, int? port, LifeStage stage)
    {
        if (_stage?.Stage != stage)
            _stage = (stage, world.Time.GetUtcNow());
        process.Label(new ReplicaLabel(Service, replica, release.Number, port, voice.Launches, stage, _stage?.Since, _signalled).Format());
    }

    /// <summary>Whoever goes on with it must not send the signal again, nor give it all the time once more.</summary>
    private GracefulStop Stopping(int? port) => new(world.Traffic, world.Time, (process, at) =>
    {
        _signalled = at;
        Label(process, port, LifeStage.Stopping);
    });

    private void Admit(int? port)
    {
        _wasReady = true;
        if (port is { } number)
            world.Traffic.Admit(new ReplicaEndpoint(Service, replica, release.Number, number));
    }

    /// <summary>An answer counts only if it came from the replica's own processes; one look may come too early, two do not.</summary>
    private Objection? ObjectTo(IProcess process, int? port)
    {
        if (port is not { } number || process.Exited.IsCompleted)
            return null;
        if (!ListenerSight.Of(world.Tree, process.Pid, number).IsStrangers)
            return null;
        _portTaken = _strangerSeen;
        _strangerSeen = true;
        return new($"port {number} is answered by another process, not by this replica", Final: _portTaken);
    }

    private void ReadinessChanged(string? lost, int? port)
    {
        if (lost is not null)
        {
            world.Traffic.Suspend(Service, replica);
            voice.Suspended(lost);
            return;
        }
        Admit(port);
        voice.Regained();
    }

    private bool HasVanished(IProcess process, int? port, ListenerSight known) =>
        port is { } number && known.Pid is not null
        && ListenerSight.Of(world.Tree, process.Pid, number) is { Known: true, Pid: null };

    /// <summary>It never became ready: nothing of it is worth waiting for. It was ready once: it may close what it has open.</summary>
    private async Task<StopOutcome> RemoveAsync(IProcess process, int? port, Task leave)
    {
        world.Traffic.Remove(Service, replica);
        voice.Entering(ReplicaPhase.Stopping);
        if (_wasReady)
            return new(await Stopping(port).EndAsync(process, spec().Stop, _signalled, leave));
        process.Signal(Signals.Kill);
        await process.Exited;
        return new(StopEnd.Killed);
    }

    private string Explain(string? condemned, ExitStatus status, int? port, bool portTaken)
    {
        if (condemned is not null)
            return condemned;
        if (portTaken)
            return $"{status}; port {port} is in use by another process";
        return !_wasReady && status.Code is 126 or 127
            ? $"{status} ({(status.Code == 127 ? "a command was not found" : "a command could not be executed")})"
            : status.ToString();
    }
}
