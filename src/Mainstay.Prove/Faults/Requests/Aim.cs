namespace Mainstay.Prove.Faults.Requests;

/// <summary>A request that reaches an application: behind an edge, what has another path or host may not get that far.</summary>
/// <param name="Method">Upper case.</param>
/// <param name="Path">With its query.</param>
/// <param name="Host">As the Host field says it.</param>
internal sealed record Aim(string Method, string Path, string Host);
