using System.Collections.Immutable;

namespace Mainstay.Prove.Experiments.Blocking;

/// <summary>A stretch of time in which a replica did nothing for anybody.</summary>
/// <param name="Replica">Its name.</param>
/// <param name="From">Microseconds of the history's clock.</param>
/// <param name="Seconds">How long at least.</param>
/// <param name="Ran">Seconds of it in which it used a processor; null when that is not known.</param>
/// <param name="Stack">What it was doing, the innermost call first; empty when that was not seen.</param>
internal sealed record BlockedStretch(string Replica, long From, double Seconds, double? Ran, ImmutableArray<StackFrame> Stack)
{
    public long To => From + (long)(Seconds * 1e6);
}

/// <param name="Function">As the runtime calls it; empty without a name.</param>
/// <param name="File">Path, or what the runtime has in its place; empty when unknown.</param>
/// <param name="Line">From 1; 0 when unknown.</param>
internal sealed record StackFrame(string Function, string File, int Line);
