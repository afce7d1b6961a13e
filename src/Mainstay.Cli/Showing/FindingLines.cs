using System.Collections.Immutable;
using Mainstay.Cli.Terminal;
using Mainstay.Manifest;

namespace Mainstay.Cli.Showing;

/// <summary>Shows what is wrong with a manifest, one line for each finding, on standard error.</summary>
internal static class FindingLines
{
    public static void Show(this ITerminal terminal, ImmutableArray<Finding> findings)
    {
        foreach (var finding in findings)
            terminal.Error(finding.Severity == Severity.Error ? terminal.ErrorStyle.Bad(finding.ToString()) : terminal.ErrorStyle.Warn(finding.ToString()));
    }
}
