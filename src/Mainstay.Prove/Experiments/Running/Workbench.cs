using System.Collections.Immutable;
using Mainstay.Prove.Experiments.Labs;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Faults.Processes;
using Mainstay.Prove.Faults.Proxy;

namespace Mainstay.Prove.Experiments.Running;

/// <summary>What all experiments of a run share.</summary>
/// <param name="Lab">The application.</param>
/// <param name="Scope">What there is.</param>
/// <param name="Level">How much load it bears.</param>
/// <param name="Proxies">In front of dependencies, by name.</param>
/// <param name="Guard">Undoes what was done to processes if this one is killed.</param>
/// <param name="Seed">Of all chance.</param>
internal sealed record Workbench(
    Laboratory Lab,
    Scope Scope,
    LoadLevel Level,
    ImmutableDictionary<string, FaultProxy> Proxies,
    UndoGuard Guard,
    ulong Seed)
{
    /// <summary>What the budget has left when everything planned has been done.</summary>
    public Func<TimeSpan> Spare { get; init; } = () => TimeSpan.Zero;
}

/// <param name="PerSecond">What the ordinary load sends, all streams together.</param>
/// <param name="Bearable">What the application answered at most while this was found out; not its capacity, which may be higher.</param>
internal sealed record LoadLevel(double PerSecond, double Bearable)
{
    /// <summary>For an application that does not get ready: enough to show that it does not serve.</summary>
    public static LoadLevel OfNothing { get; } = new(30, 0);
}
