using System.Collections.Immutable;
using System.Text;

namespace Mainstay.Manifest.Reading;

/// <summary>
/// Puts the values of <c>${NAME}</c> and <c>${NAME:-default}</c> into single values after the YAML has been read, so that a value can never change
/// the structure. <c>$${</c> stands for <c>${</c>. As in a shell, the default also replaces an empty value.
/// </summary>
internal sealed class Interpolation(Func<string, string?> variables)
{
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>Every name that was referred to.</summary>
    public ImmutableArray<string> Names => [.. _names];

    /// <param name="written">The text of one value.</param>
    /// <param name="inserted">Which parts of the answer came from variables.</param>
    /// <param name="problem">What is wrong and the remedy, or null.</param>
    public string Apply(string written, out ImmutableArray<Range> inserted, out string? problem)
    {
        inserted = [];
        problem = null;
        if (!written.Contains("${", StringComparison.Ordinal))
            return written;
        var text = new StringBuilder();
        var ranges = ImmutableArray.CreateBuilder<Range>();
        for (var at = 0; at < written.Length;)
        {
            var start = text.Length;
            if (Is(written, at, "$${"))
            {
                text.Append("${");
                at += 3;
            }
            else if (Is(written, at, "${"))
            {
                var end = written.IndexOf('}', at);
                var problemHere = end < 0 ? "`${` has no `}`; write $${ for a literal ${" : Insert(written[(at + 2)..end], text);
                problem ??= problemHere;
                if (end < 0)
                    return written;
                at = end + 1;
            }
            else
            {
                text.Append(written[at++]);
                continue;
            }
            ranges.Add(start..text.Length);
        }
        inserted = ranges.ToImmutable();
        return text.ToString();
    }

    private string? Insert(string reference, StringBuilder text)
    {
        var split = reference.IndexOf(":-", StringComparison.Ordinal);
        var name = split < 0 ? reference : reference[..split];
        if (!Values.Names.IsVariable(name))
            return $"`${{{Shown.Text(reference)}}}` is not understood; write ${{NAME}} or ${{NAME:-default}}, or $${{ for a literal ${{";
        if (split >= 0 && reference.Contains("${", StringComparison.Ordinal))
            return $"the default of ${{{name}}} refers to another variable; write a plain default";
        _names.Add(name);
        var value = variables(name);
        if (split >= 0)
            text.Append(string.IsNullOrEmpty(value) ? reference[(split + 2)..] : value);
        else if (value is not null)
            text.Append(value);
        else if (name == "PORT")
            return "the variable PORT is not set; write {port} for the replica's port";
        else
            return $"the variable {Shown.Text(name)} is not set; set it, or give a default: ${{{Shown.Text(name)}:-…}}";
        return null;
    }

    private static bool Is(string text, int at, string token) => string.CompareOrdinal(text, at, token, 0, token.Length) == 0;
}
