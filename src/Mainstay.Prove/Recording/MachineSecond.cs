namespace Mainstay.Prove.Recording;

/// <summary>How the machine was, second by second: a starved machine excuses lateness, and nothing else.</summary>
/// <param name="At">Start of the second, microseconds since the history's start.</param>
/// <param name="Busy">Ratio of processor time used by anyone, 0–1.</param>
/// <param name="Foreign">Ratio used by processes that are neither the application, Mainstay nor the experiment, 0–1.</param>
/// <param name="Steal">Ratio taken by the hypervisor, 0–1.</param>
internal sealed record MachineSecond(long At, double Busy, double Foreign, double Steal);
