using Mainstay.Prove.Faults.Kinds;

namespace Mainstay.Prove.Faults.Proxy;

/// <summary>The faults at work on one link. Owned by the link, under its lock.</summary>
internal sealed class LinkStages(Random chance)
{
    private Dictionary<Fault, LinkStage?> _begun = new(ReferenceEqualityComparer.Instance);
    private LinkStage[] _stages = [];

    public bool IsEmpty => _stages.Length == 0;

    public bool IsSilent => Array.Exists(_stages, stage => stage.IsSilent);

    /// <summary>When the connection ends by itself: the earliest, and a reset rather than a close.</summary>
    public (TimeSpan At, Deed Deed)? Break
    {
        get
        {
            (TimeSpan At, Deed Deed)? earliest = null;
            foreach (var stage in _stages)
            {
                if (stage.Break is { } end && (earliest is not { } known || end.At < known.At || (end.At == known.At && end.Deed > known.Deed)))
                    earliest = end;
            }
            return earliest;
        }
    }

    /// <summary>What was there stays as it is; what is new begins. True: a fault that went leaves the connection broken.</summary>
    public bool Apply(IEnumerable<Fault> faults, TimeSpan now)
    {
        var next = new Dictionary<Fault, LinkStage?>(ReferenceEqualityComparer.Instance);
        foreach (var fault in faults)
        {
            next[fault] = _begun.TryGetValue(fault, out var known) ? known
                : fault.Toxicity >= 1 || chance.NextDouble() < fault.Toxicity ? ((ILinkFault)fault).Begin(now, chance)
                : null;
        }
        var breaks = _begun.Any(pair => pair.Value is { BreaksWhenRemoved: true } && !next.ContainsKey(pair.Key));
        _begun = next;
        _stages = [.. next.Values.OfType<LinkStage>()];
        return breaks;
    }

    public Passage Next(in Waiting head, TimeSpan now)
    {
        var passage = Passage.Free;
        foreach (var stage in _stages)
            passage = passage.And(stage.Next(head, now));
        return passage;
    }

    public void Passed(int bytes, TimeSpan now)
    {
        foreach (var stage in _stages)
            stage.Passed(bytes, now);
    }

    public TimeSpan EndAt(TimeSpan arrived)
    {
        var at = TimeSpan.Zero;
        foreach (var stage in _stages)
        {
            var wanted = stage.EndAt(arrived);
            at = wanted > at ? wanted : at;
        }
        return at;
    }
}
