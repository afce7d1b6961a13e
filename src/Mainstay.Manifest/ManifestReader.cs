using System.Collections.Immutable;
using Mainstay.Manifest.Model;

namespace Mainstay.Manifest;

/// <summary>Reads a manifest: text → immutable records, or every error at once.</summary>
public static class ManifestReader
{
    /// <param name="path">A file, or a folder that holds <c>mainstay.yaml</c>.</param>
    /// <param name="variables">Looks up <c>${NAME}</c>; null for a missing one.</param>
    public static ManifestResult Read(string path, Func<string, string?> variables) => throw new InvalidOperationException($"{path}{variables}");

    /// <summary>The manifest of <c>up -- COMMAND</c>: one service, named after the folder, a default route, every default.</summary>
    public static ManifestResult ForCommand(string directory, IReadOnlyList<string> command, int replicas) => throw new InvalidOperationException($"{directory}{command}{replicas}");
}

/// <param name="Manifest">Null if there is an error.</param>
/// <param name="Findings">Errors and warnings, in the order of the text.</param>
/// <param name="Variables">Names of the variables that the text refers to.</param>
public sealed record ManifestResult(ManifestSpec? Manifest, ImmutableArray<Finding> Findings, ImmutableArray<string> Variables);

public enum Severity
{
    Error,
    Warning,
}

/// <summary>Something wrong with a manifest, ready to be shown in one line: <c>mainstay.yaml:12:5: routes[2].timeout: …</c>.</summary>
/// <param name="Severity">Errors keep the manifest from being used.</param>
/// <param name="File">As the user would name it: relative to the current folder.</param>
/// <param name="Line">1-based; 0 if the whole file is meant.</param>
/// <param name="Column">1-based; 0 if the whole file is meant.</param>
/// <param name="Path">Such as <c>routes[2].timeout</c>; empty for the whole file.</param>
/// <param name="Message">What was found and the remedy.</param>
public sealed record Finding(Severity Severity, string File, int Line, int Column, string Path, string Message)
{
    public override string ToString() =>
        (Line > 0 ? $"{File}:{Line}:{Column}: " : $"{File}: ") + (Severity == Severity.Warning ? "warning: " : "") + (Path.Length > 0 ? $"{Path}: " : "") + Message;
}
