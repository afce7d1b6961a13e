namespace Mainstay.Manifest;

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
