namespace Mainstay.Prove.Reports;

/// <summary>A route that no load was sent to, and why.</summary>
internal sealed record LeftOutRoute(string Route, string Reason);
