using Mainstay.Contracts.Control;
using Mainstay.Contracts.Launching;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Releases;
using Mainstay.Supervisor.Restarting;

namespace Mainstay.Supervisor.Replicas;

/// <summary>
/// One replica, alive from <see cref="Start()"/> to the end of <see cref="StopAsync"/> whatever its processes do. A single loop owns it:
/// launch, watch, and after a death launch again by the restart rule.
/// </summary>
internal sealed class Replica
{
    /// <summary>How often a launch is repeated at once because its port turned out to be taken.</summary>
    private const int PortAttempts = 3;

    private readonly ReplicaWorld _world;
    private readonly StateCell<ReplicaState> _state;
    private readonly ReplicaVoice _voice;
    private readonly RestartPolicy _restarts;
    private readonly TaskCompletionSource _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _leave = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile TaskCompletionSource<string> _condemned = Order();
    private volatile ServiceSpec _spec;
    private volatile ReplicaSink? _sink;
    private Task _loop = Task.CompletedTask;
    private long _memory = -1;

    public Replica(string name, Release release, ReplicaWorld world, Action<string> say)
    {
        Name = name;
        Release = release;
        _world = world;
        _spec = release.Spec;
        _restarts = new RestartPolicy(world.Time);
        _state = new(new ReplicaState(ReplicaPhase.Starting, world.Time.GetUtcNow()));
        _voice = new ReplicaVoice(name, _state, say, world.Time);
    }

    public string Name { get; }

    public Release Release { get; }

    public ReplicaState State => _state.Value;

    /// <summary>Proportional set size of its tree when last looked at; null when unknown.</summary>
    public long? Memory
    {
        get => Interlocked.Read(ref _memory) is >= 0 and var bytes ? bytes : null;
        set => Interlocked.Exchange(ref _memory, value ?? -1);
    }

    /// <summary>Bytes that it may use, as of its own release; null: not watched against a limit.</summary>
    public long? MemoryLimit => _spec.Memory;

    /// <summary>Ready, and trusted by the edge.</summary>
    public bool IsServing => State.IsReady && !_world.Traffic.Observe(Release.Spec.Name, Name).Ejected;

    /// <summary>Its last output so far, whether it lives or not.</summary>
    public IReadOnlyList<string> LastLines => _sink?.Last.Snapshot() ?? [];

    public bool IsStopRequested => _stop.Task.IsCompleted;

    public Task<ReplicaState> WaitAsync(Func<ReplicaState, bool> condition, CancellationToken cancel) => _state.WaitAsync(condition, cancel);

    public ReplicaStatus Describe() =>
        ReplicaDescription.Of(Name, Release.Number, State, _world.Traffic.Observe(Release.Spec.Name, Name), Memory);

    public void Start() => _loop = Task.Run(() => RunAsync(null, null));

    /// <summary>Goes on with a process that runs already.</summary>
    public void Start(IKeptProcess kept, ReplicaLabel label, bool isStopping)
    {
        if (isStopping)
            _stop.TrySetResult();
        _loop = Task.Run(() => RunAsync(kept, label));
    }

    /// <summary>Ends the supervision and leaves the process as it is, for another supervisor, which also goes on with a stop that is under way.</summary>
    public async Task LeaveAsync()
    {
        _leave.TrySetResult();
        await _loop;
    }

    /// <summary>Why something is about to happen to it, for <c>status</c>.</summary>
    public void Note(string? reason) => _state.Update(now => now with { Reason = reason });

    /// <summary>Takes over what needs no new process: <c>health</c> times, <c>stop</c>, <c>memory</c>.</summary>
    public void Apply(ServiceSpec spec) => _spec = spec;

    /// <summary>Ends the process that runs now, for a reason ("not alive: …"): the stop signal, and SIGKILL after the grace. Another one follows, as after any death.</summary>
    /// <param name="group">As it was when that was decided: one that came after it is left alone.</param>
    /// <returns>False: it is on its way out already.</returns>
    public bool Condemn(int group, string reason)
    {
        var condemned = _condemned;
        return State.Group == group && !IsStopRequested && condemned.TrySetResult(reason);
    }

    /// <summary>Drains and stops it, for good. The second call waits for the first.</summary>
    public async Task StopAsync()
    {
        _stop.TrySetResult();
        await _loop;
    }

    private bool IsLeaving => _leave.Task.IsCompleted;

    private async Task RunAsync(IKeptProcess? kept, ReplicaLabel? label)
    {
        try
        {
            for (var portAttempts = 0; !IsStopRequested && !IsLeaving || kept is not null;)
            {
                var end = await LiveOnceAsync(kept, label);
                kept = null;
                Memory = null;
                if (IsStopRequested || IsLeaving)
                    return;
                portAttempts = end.PortTaken ? portAttempts + 1 : 0;
                if (end.PortTaken && Release.Spec.Port.Kind == PortKind.Auto && portAttempts <= PortAttempts)
                    continue;
                await GetOverAsync(end);
            }
        }
        finally
        {
            if (!IsLeaving)
                _world.Traffic.Remove(Release.Spec.Name, Name);
            if (IsStopRequested)
                _voice.Stopped();
        }
    }

    private async Task<LifeEnd> LiveOnceAsync(IKeptProcess? kept, ReplicaLabel? label)
    {
        var sink = new ReplicaSink(Release.Spec.Name, _world.Output);
        _sink = sink;
        _condemned = Order();
        var orders = new LifeOrders(_stop.Task, _leave.Task, _condemned.Task);
        try
        {
            var life = new ReplicaLife(_world, Name, Release, () => _spec, _voice, sink);
            return kept is not null && label is not null
                ? await life.AdoptAsync(kept, label, orders)
                : await life.RunAsync(orders);
        }
        catch (Exception bug)
        {
            // A fault of ours is no reason to leave the replica dead: the restart rule goes on.
            _world.Log.ReplicaLoopFailed(bug, Name);
            return new LifeEnd(WasReady: false, $"Mainstay failed to supervise it: {bug.Message}", sink.Last.Snapshot());
        }
    }

    private static TaskCompletionSource<string> Order() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task GetOverAsync(LifeEnd end)
    {
        if (end.WasReady)
            _restarts.BecameReady();
        var decision = _restarts.Died(end.WasReady);
        _voice.Died(end, decision);
        try
        {
            if (decision.Delay > TimeSpan.Zero)
                await Task.WhenAny(_stop.Task, _leave.Task).WaitAsync(decision.Delay, _world.Time);
        }
        catch (TimeoutException)
        {
            // Not told to stop meanwhile: start again.
        }
    }
}
