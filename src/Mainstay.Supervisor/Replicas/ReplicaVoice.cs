using Mainstay.Contracts.Launching;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Restarting;
using Mainstay.Supervisor.Stopping;

namespace Mainstay.Supervisor.Replicas;

/// <summary>Turns what happens to a replica into its state and one line for the user. Used by the replica's loop only.</summary>
internal sealed class ReplicaVoice(string replica, StateCell<ReplicaState> state, Action<string> say, TimeProvider time)
{
    private bool _beyondLoopbackSaid;

    public void Launched(int group, int? port) => state.Update(old => old with
    {
        Phase = ReplicaPhase.Starting,
        Since = time.GetUtcNow(),
        Group = group,
        Port = port,
        Listener = null,
        Launches = old.Launches + 1,
        Reason = old.Lapses > 0 ? old.Reason : null,
    });

    public int Launches => state.Value.Launches;

    public void Adopted(int group, ReplicaLabel label) => state.Update(old => old with
    {
        Phase = ReplicaPhase.Starting,
        Since = label.Since ?? time.GetUtcNow(),
        Group = group,
        Port = label.Port,
        Launches = Math.Max(1, label.Launches),
    });

    /// <param name="listener">Who listens.</param>
    /// <param name="after">How long that took; null: it was ready before it was supervised.</param>
    public void Ready(ListenerSight listener, TimeSpan? after)
    {
        var now = state.Value;
        if (after is { } took)
        {
            say(now.Port is { } port
                ? $"{replica} ready on 127.0.0.1:{port} after {took.TotalSeconds:0.0} s"
                : $"{replica} running");
        }

        if (after is not null && listener.BeyondLoopback && !_beyondLoopbackSaid)
        {
            _beyondLoopbackSaid = true;
            say($"{replica} listens beyond loopback: others can reach port {now.Port} without passing Mainstay; let it listen on 127.0.0.1");
        }
        // One that was ready before has been so since then.
        Enter(ReplicaPhase.Ready, old => old with { Listener = listener.Pid ?? old.Listener, Reason = null, CrashLoop = false }, after is null ? now.Since : null);
    }

    public void Suspended(string reason)
    {
        say($"{replica} is not ready: {reason}; it gets no new requests until it is");
        Enter(ReplicaPhase.Suspended, old => old with { Reason = $"not ready: {reason}", LastLapse = $"was not ready any more: {reason}", Lapses = old.Lapses + 1 });
    }

    public void Regained()
    {
        say($"{replica} is ready again");
        Enter(ReplicaPhase.Ready, old => old with { Reason = null });
    }

    /// <param name="reason">Why it cannot be asked how it is; null: it can be again.</param>
    public void Blind(string? reason) => say(reason is null ? $"{replica} can be asked again" : $"{replica}: {reason}; it is left as it is until it can be");

    public void Entering(ReplicaPhase phase) => Enter(phase, old => old);

    /// <summary>It was stopped: whatever is not as it should be is said once.</summary>
    public void Ended(StopOutcome outcome, ExitStatus status, StopSpec stop)
    {
        if (outcome.Cut > 0)
            say($"{replica}: {outcome.Cut} request{(outcome.Cut == 1 ? "" : "s")} still in flight when the drain ended, cut");
        if (outcome.End == StopEnd.Killed)
            say($"{replica} did not stop within its grace of {stop.Grace.TotalSeconds:0.#} s and was killed");
        else if (!IsCleanEnd(status, Signals.NumberOf(stop.Signal) ?? Signals.Terminate))
            say($"{replica} {status} when it was stopped");
    }

    /// <summary>With success, or by its stop signal; many runtimes, and the shell, put the latter as 128 and its number.</summary>
    private static bool IsCleanEnd(ExitStatus status, int signal) => status.Succeeded || status.Signal == signal || (status.Signal == 0 && status.Code == 128 + signal);

    public void Died(LifeEnd end, RestartDecision next)
    {
        if (end.WasReady)
            say($"{replica} {Clause(end)}; starting again");
        else if (next.Announce)
            say($"{replica} is in a crash loop: {Clause(end)}, {RestartPolicy.LoopDeaths} times within a minute before it was ready; trying again every {RestartPolicy.LongestDelay.TotalSeconds:0} s");
        else if (!next.CrashLoop)
            say($"{replica} {EarlyClause(end)}; {(next.Delay == TimeSpan.Zero ? "starting again" : $"trying again in {next.Delay.TotalSeconds:0.0} s")}");
        Gone(ReplicaPhase.Crashed, old => old with
        {
            Reason = end.Reason,
            LastLapse = Clause(end),
            LastLines = end.LastLines,
            Lapses = old.Lapses + 1,
            CrashLoop = next.CrashLoop,
            Hopeless = end.Hopeless,
        });
    }

    public void Stopped() => Gone(ReplicaPhase.Stopped, old => old);

    /// <summary>"exited with code 3" follows the replica's name as it is; other reasons need a verb.</summary>
    private static string Clause(LifeEnd end) =>
        end.Reason.StartsWith("exited", StringComparison.Ordinal) || end.Reason.StartsWith("was ", StringComparison.Ordinal) ? end.Reason : $"ended: {end.Reason}";

    private static string EarlyClause(LifeEnd end) =>
        Clause(end) is var clause && clause.StartsWith("ended: ", StringComparison.Ordinal) ? $"did not start: {end.Reason}" : $"{clause} before it was ready";

    private void Gone(ReplicaPhase phase, Func<ReplicaState, ReplicaState> change) =>
        Enter(phase, old => change(old) with { Group = null, Listener = null, Port = null });

    /// <param name="phase">The new one.</param>
    /// <param name="change">What changes with it.</param>
    /// <param name="since">Null: since now.</param>
    private void Enter(ReplicaPhase phase, Func<ReplicaState, ReplicaState> change, DateTimeOffset? since = null) =>
        state.Update(old => change(old) with { Phase = phase, Since = since ?? time.GetUtcNow() });
}
