using System.Collections.Immutable;
using Mainstay.Manifest;

namespace Mainstay.Prove.Experiments.Own.Importing;

/// <summary>What became of a foreign experiment.</summary>
/// <param name="Name">Of the experiment that it becomes.</param>
/// <param name="Text">Its file; null if there is an error.</param>
/// <param name="Mapped">What became of what, one line each.</param>
/// <param name="LeftOut">What has no counterpart and needs none, and why.</param>
/// <param name="Findings">Errors, with their place in the foreign file.</param>
internal sealed record Imported(string Name, string? Text, ImmutableArray<string> Mapped, ImmutableArray<string> LeftOut, ImmutableArray<Finding> Findings);

/// <summary>A fault that an action asks for.</summary>
/// <param name="Text">As an experiment writes it, without time and braces: <c>kind: kill, service: web</c>.</param>
/// <param name="Lasts">It has an end of its own, which a later action may bring.</param>
/// <param name="Target">The service or dependency.</param>
internal sealed record FaultDraft(string Text, bool Lasts, string Target)
{
    public TimeSpan After { get; init; }

    /// <summary>Null: until the end.</summary>
    public TimeSpan? For { get; init; }
}
