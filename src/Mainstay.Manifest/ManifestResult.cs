using System.Collections.Immutable;
using Mainstay.Manifest.Model;

namespace Mainstay.Manifest;

/// <summary>What became of a text.</summary>
/// <param name="Manifest">Null if there is an error.</param>
/// <param name="Findings">Errors and warnings, in the order of the text.</param>
/// <param name="Variables">Names of the variables that the text refers to.</param>
public sealed record ManifestResult(ManifestSpec? Manifest, ImmutableArray<Finding> Findings, ImmutableArray<string> Variables);
