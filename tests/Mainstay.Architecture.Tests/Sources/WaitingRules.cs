using System.Text.RegularExpressions;

namespace Mainstay.Architecture.Tests.Sources;

/// <summary>Tests wait for a condition, with a deadline: never for luck.</summary>
internal static partial class WaitingRules
{
    public static IEnumerable<string> Sleeps(SourceFile file) =>
        Sleep().Matches(file.Code).Select(match => $"{file.Path}: {match.Value}")
            .Concat(Delay().Matches(file.Code)
                .Select(match => Arguments(file.Code, match.Index + match.Length))
                .Where(arguments => !IsDeliberate(arguments))
                .Select(arguments => $"{file.Path}: Task.Delay({string.Join(", ", arguments)}) without a TimeProvider."));

    /// <summary>A delay by an injected clock, or one that only a cancellation ends.</summary>
    private static bool IsDeliberate(List<string> arguments) =>
        arguments[0].StartsWith("Timeout.Infinite", StringComparison.Ordinal)
        || (arguments.Count > 1 && Clock().IsMatch(arguments[1]));

    /// <summary>The arguments of a call, from behind its opening parenthesis.</summary>
    private static List<string> Arguments(string code, int from)
    {
        var arguments = new List<string>();
        var depth = 0;
        var start = from;
        for (var i = from; i < code.Length; i++)
        {
            if (code[i] is '(' or '[' or '{')
                depth++;
            var ends = depth == 0 && code[i] == ')';
            if (ends || (depth == 0 && code[i] == ','))
            {
                arguments.Add(code[start..i].Trim());
                start = i + 1;
            }
            if (ends)
                break;
            if (code[i] is ')' or ']' or '}')
                depth--;
        }
        return arguments.Count == 0 ? [""] : arguments;
    }

    [GeneratedRegex(@"\bThread\.Sleep\s*\([^\n]*")]
    private static partial Regex Sleep();

    [GeneratedRegex(@"\bTask\.Delay\s*\(")]
    private static partial Regex Delay();

    [GeneratedRegex(@"time|clock", RegexOptions.IgnoreCase)]
    private static partial Regex Clock();
}
