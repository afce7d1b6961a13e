namespace Mainstay.Resilience.Tests.Simulations.Pictures;

/// <summary>One of several drawings above each other, over the same time.</summary>
/// <param name="Caption">What is drawn, with its unit.</param>
/// <param name="Series">In the order in which they are drawn: the last on top.</param>
internal sealed record Panel(string Caption, params Series[] Series);

/// <param name="Name">As in the caption; empty for one that needs none.</param>
/// <param name="Ink">Its colour.</param>
/// <param name="Points">Time in seconds, and a value; NaN where there is none.</param>
internal sealed record Series(string Name, Ink Ink, IReadOnlyList<(double At, double Value)> Points);

/// <summary>What a colour stands for, in all pictures.</summary>
internal enum Ink
{
    Asked,
    Good,
    Refused,
    Limit,
    Latency,
    Without,

    /// <summary>What the service could do; dashed.</summary>
    Capacity,
}
