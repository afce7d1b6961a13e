using System.Collections.Immutable;

namespace Mainstay.Prove.Faults.Processes;

/// <summary>What was done to processes, and that it was seen.</summary>
/// <param name="What">One line: "SIGKILL to 4711, 4712".</param>
/// <param name="Pids">The one asked for first.</param>
/// <param name="Bit">Seen to be stopped until it went on or was ended, or gone; false: the fault did not bite.</param>
/// <param name="Frozen">From SIGSTOP until it was let go on or killed; zero without one.</param>
internal sealed record ProcessEvidence(string What, ImmutableArray<int> Pids, bool Bit, TimeSpan Frozen);
