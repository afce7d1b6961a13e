using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mainstay.Manifest.Drafting;

/// <summary>The <c>ENTRYPOINT</c> and <c>CMD</c> of a Dockerfile's last stage.</summary>
internal static partial class Dockerfile
{
    public static DraftedApp? Recognise(ProjectFolder folder)
    {
        if (folder.Read("Dockerfile") is not { } text)
            return null;
        string? entry = null, command = null, port = null;
        foreach (var line in Continuation().Replace(text, " ").Split('\n').Select(line => line.Trim()))
        {
            var words = line.Split((char[]?)null, 2, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            var rest = words.Length == 2 ? words[1] : "";
            switch (words.Length > 0 ? words[0].ToUpperInvariant() : "")
            {
                case "FROM":
                    (entry, command, port) = (null, null, null);
                    break;
                case "ENTRYPOINT":
                    (entry, command) = (rest, null);
                    break;
                case "CMD":
                    command = rest;
                    break;
                case "EXPOSE":
                    port ??= rest.Split(' ', '/')[0];
                    break;
            }
        }
        var whole = Combine(entry, command);
        return whole.IsEmpty
            ? new("Dockerfile has no CMD or ENTRYPOINT", [])
            : new("Dockerfile", [new("web", whole, $"From the image's command; its paths are those of the image{(port is null ? "" : $", where it listens on port {port} (if it insists, add that as `port:`)")}.")]);
    }

    /// <summary>As Docker does: a shell-form entry point ignores the command, an exec-form one gets it as arguments.</summary>
    private static ImmutableArray<string> Combine(string? entry, string? command)
    {
        if (string.IsNullOrEmpty(entry))
            return string.IsNullOrEmpty(command) ? [] : ExecForm(command) ?? ShellText.ToCommand(command);
        if (ExecForm(entry) is not { } words)
            return ShellText.ToCommand(entry);
        return string.IsNullOrEmpty(command) ? words : [.. words, .. ExecForm(command) ?? ["sh", "-c", command]];
    }

    private static ImmutableArray<string>? ExecForm(string text)
    {
        if (!text.StartsWith('['))
            return null;
        try
        {
            using var list = JsonDocument.Parse(text);
            return list.RootElement.EnumerateArray().All(word => word.ValueKind == JsonValueKind.String)
                ? [.. list.RootElement.EnumerateArray().Select(word => word.GetString()!)]
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\\[ \t]*\r?\n")]
    private static partial Regex Continuation();
}
