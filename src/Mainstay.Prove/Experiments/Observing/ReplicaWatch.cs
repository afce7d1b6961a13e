using Mainstay.Contracts.Control;
using Mainstay.Manifest.Model;
using Mainstay.Prove.Experiments.Labs;
using Mainstay.Prove.Recording;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments.Observing;

/// <summary>From one status to the next: what has happened to replicas. Pure but for its memory; one user at a time.</summary>
internal sealed class ReplicaWatch(ManifestSpec manifest)
{
    /// <summary>How the reason begins when a replica is ended for its memory.</summary>
    public const string OverMemory = "over its memory:";

    /// <summary>How the reasons begin for which Mainstay ends a replica.</summary>
    private static readonly string[] GivenUp = ["not alive:", OverMemory];

    private readonly Dictionary<string, Seen> _seen = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _full = new(StringComparer.Ordinal);
    private readonly HashSet<string> _allEjected = new(StringComparer.Ordinal);
    private readonly HashSet<string> _reasons = new(StringComparer.Ordinal);
    private bool _first = true;

    public IReadOnlyList<Happening> Next(long at, StatusReport status)
    {
        var happened = new List<Happening>();
        foreach (var service in status.Services)
        {
            foreach (var replica in service.Replicas)
                Look(at, replica, happened);
            foreach (var gone in _seen.Keys.Where(name => IsOf(service.Name, name) && service.Replicas.All(replica => replica.Name != name)).ToList())
            {
                _seen.Remove(gone);
                happened.Add(Happening.Of(at, Kinds.ReplicaStopped, gone, $"{gone} has ended"));
            }
            Look(at, service, happened);
        }
        _first = false;
        return happened;
    }

    private void Look(long at, ReplicaStatus replica, List<Happening> happened)
    {
        var known = _seen.GetValueOrDefault(replica.Name);
        var (pid, restarts) = (replica.Pid ?? 0, replica.Restarts);
        var isNew = known is null || restarts < known.Restarts;
        var diedSince = !isNew && known!.HasDied;
        if (!_first)
        {
            if (replica.State == "crashed" && known is not { State: "crashed" })
            {
                happened.Add(Died(at, replica));
                diedSince = true;
            }
            if (!isNew && restarts > known!.Restarts)
            {
                if (!diedSince)
                    happened.Add(Died(at, replica));
                happened.Add(Happening.Of(at, Kinds.Restarted, replica.Name, $"{replica.Name} was started again", ("restarts", restarts - known.Restarts), ("pid", pid)));
                diedSince = replica.State == "crashed";
            }
            var isAnother = known is null || known.Pid != pid || known.Restarts != restarts;
            if (replica.State == "ready" && (isAnother || known!.State != "ready"))
            {
                happened.Add(known is { State: "ejected" } && !isAnother
                    ? Happening.Of(at, Kinds.ReplicaAdmitted, replica.Name, $"{replica.Name} takes requests again", ("pid", pid))
                    : Happening.Of(at, Kinds.ReplicaReady, replica.Name, $"{replica.Name} is ready, pid {pid}", ("pid", pid)));
            }
            if (replica.State == "ejected" && known is not { State: "ejected" })
                happened.Add(Happening.Of(at, Kinds.ReplicaEjected, replica.Name, $"{replica.Name} gets no requests: {replica.Reason}", ("pid", pid)));
        }
        if (replica.State is "crashed" or "ejected" && replica.Reason is { Length: > 0 } reason && _reasons.Add($"{replica.Name} {reason}"))
            happened.Add(Happening.Of(at, Kinds.ReasonShown, replica.Name, $"status says of {replica.Name}: {reason}"));
        _seen[replica.Name] = new(pid, replica.State, restarts, diedSince);
    }

    private void Look(long at, ServiceStatus service, List<Happening> happened)
    {
        if (manifest.FindService(service.Name) is not { IsExternal: false } spec)
            return;
        var isFull = Laboratory.IsFull(service, spec);
        // One that was away for less than the time between two looks was away all the same.
        var wasAway = happened.Any(happening => happening.Kind == Kinds.Restarted && IsOf(service.Name, happening.Subject));
        if (isFull && _full.TryGetValue(service.Name, out var was) && (!was || wasAway))
            happened.Add(Happening.Of(at, Kinds.FullStrength, service.Name, $"all {spec.Replicas} of {service.Name} are ready"));
        _full[service.Name] = isFull;
        var allEjected = service.Replicas.Count > 0 && service.Replicas.All(replica => replica.State == "ejected");
        if (allEjected && _allEjected.Add(service.Name))
            happened.Add(Happening.Of(at, Kinds.LastReplicaEjected, service.Name, $"every replica of {service.Name} is ejected"));
        if (!allEjected)
            _allEjected.Remove(service.Name);
        if (service.Rollout is { Length: > 0 } rollout && _reasons.Add($"{service.Name} {rollout}") && rollout.Contains("failed", StringComparison.Ordinal))
            happened.Add(Happening.Of(at, Kinds.ReasonShown, service.Name, $"status says of {service.Name}: {rollout}"));
    }

    /// <summary>By itself, or because Mainstay found it dead or far over its memory.</summary>
    private static Happening Died(long at, ReplicaStatus replica) =>
        Happening.Of(at, replica.Reason is { } reason && GivenUp.Any(start => reason.StartsWith(start, StringComparison.Ordinal)) ? Kinds.ReplicaGivenUp : Kinds.ReplicaDied, replica.Name, $"{replica.Name} {replica.Reason ?? "died"}", ("restarts", replica.Restarts));

    /// <summary>By its name: "web-1" is one of web.</summary>
    public static bool IsOf(string service, string replica) =>
        replica.LastIndexOf('-') is var dash and > 0 && replica.AsSpan(0, dash).SequenceEqual(service);

    private sealed record Seen(int Pid, string State, int Restarts, bool HasDied);
}
