using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Values;

namespace Mainstay.Manifest.Drafting;

/// <summary>A command written for a shell → a command of a manifest: without the shell where it does nothing.</summary>
internal static partial class ShellText
{
    public static ImmutableArray<string> ToCommand(string text)
    {
        var withPort = Port().Replace(text.Trim(), "{port}");
        if (!withPort.Contains("${", StringComparison.Ordinal))
        {
            var words = CommandWords.Split(ScalarNode.FromText(withPort), out var problems);
            if (problems.Count == 0)
                return words;
        }
        return ["sh", "-c", text.Trim()];
    }

    /// <summary>Whether it asks for the port that it is given.</summary>
    public static bool NamesPort(string text) => Port().IsMatch(text);

    [GeneratedRegex(@"\$PORT\b|\$\{PORT(:?-[^}]*)?\}")]
    private static partial Regex Port();
}
