using System.Collections.Immutable;
using Mainstay.Cli.State;
using Mainstay.Cli.Terminal;
using Mainstay.Manifest;
using Mainstay.Manifest.Model;

namespace Mainstay.Cli.Showing;

/// <summary>Shows what is wrong with a manifest, one line for each finding, on standard error.</summary>
internal static class FindingLines
{
    /// <summary>A place's manifest; null when it has errors. They, and warnings, are shown.</summary>
    public static ManifestSpec? ReadManifest(this ITerminal terminal, Place place)
    {
        var read = ManifestReader.Read(place.Manifest, Environment.GetEnvironmentVariable);
        terminal.Show(read.Findings);
        return read.Manifest;
    }

    public static void Show(this ITerminal terminal, ImmutableArray<Finding> findings)
    {
        foreach (var finding in findings)
            terminal.Error(finding.Severity == Severity.Error ? terminal.ErrorStyle.Bad(finding.ToString()) : terminal.ErrorStyle.Warn(finding.ToString()));
    }
}
