using System.Collections.Immutable;

namespace Mainstay.Prove.Faults.Kinds;

/// <summary>The faults that are in force together.</summary>
internal sealed record FaultSet(ImmutableArray<Fault> All)
{
    public static FaultSet None { get; } = new([]);

    public bool Refuses { get; } = All.Any(fault => fault is Refuse);

    public ImmutableArray<Fault> OfConnections { get; } = [.. All.Where(fault => fault is IConnectionFault)];

    public ImmutableArray<Fault> OfRequests { get; } = [.. All.Where(fault => fault is IRequestFault)];

    public string Text => All.IsEmpty ? "no fault" : string.Join(", ", All.Select(fault => fault.Text));

    public IEnumerable<Fault> OfLink(Flow flow) => All.Where(fault => fault is ILinkFault && (fault.Flow & flow) != 0);
}
