using Mainstay.Contracts.Launching;
using Mainstay.Supervisor.Replicas;

namespace Mainstay.Supervisor.Rollout;

/// <summary>The processes that an earlier supervisor left, told apart by their labels.</summary>
internal sealed class KeptProcesses(IReadOnlyList<IKeptProcess> all)
{
    private readonly List<(IKeptProcess Process, ReplicaLabel? Label)> _rest = [.. all.Select(process => (process, ReplicaLabel.Parse(process.Label.Span)))];

    /// <summary>The replicas of a service, one for each name: of two, the one that was launched last.</summary>
    public IReadOnlyList<(IKeptProcess Process, ReplicaLabel Label)> TakeOf(string service)
    {
        var own = _rest.Where(kept => kept.Label?.Service == service)
            .GroupBy(kept => kept.Label!.Replica, StringComparer.Ordinal)
            .Select(named => named.Last())
            .ToList();
        own.ForEach(kept => _rest.Remove(kept));
        return [.. own.Select(kept => (kept.Process, kept.Label!))];
    }

    /// <summary>Services of which something is left.</summary>
    public IReadOnlyList<string> Services => [.. _rest.Select(kept => kept.Label?.Service).OfType<string>().Distinct(StringComparer.Ordinal)];

    /// <summary>Ends what belongs to nothing any more: a build whose deploy nobody goes on with.</summary>
    public Task EndRestAsync()
    {
        var rest = _rest.ConvertAll(kept => kept.Process);
        _rest.Clear();
        return EndAsync(rest);
    }

    /// <summary>Ends processes that nobody goes on with; completes when they are gone.</summary>
    public static Task EndAsync(IEnumerable<IKeptProcess> processes) => Task.WhenAll(processes.Select(kept =>
    {
        var process = kept.Adopt(new Nowhere());
        process.Signal(Signals.Kill);
        return process.Exited;
    }).ToList());

    private sealed class Nowhere : IOutputSink
    {
        public void Write(in ProcessLine line)
        {
            // Whoever wanted to read it has gone.
        }
    }
}
