using System.Collections.Immutable;
using System.Text.Json;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Values;

namespace Mainstay.Manifest.Drafting;

/// <summary><c>package.json</c>: its start script (without npm in between where the script is plain <c>node x</c>), its main file, or a usual file name.</summary>
internal static class NodePackage
{
    private static readonly string[] UsualFiles = ["server.js", "server.mjs", "index.js", "index.mjs", "app.js", "app.mjs", "main.js"];

    public static DraftedApp? Recognise(ProjectFolder folder)
    {
        var text = folder.Read("package.json");
        var usual = UsualFiles.FirstOrDefault(folder.Has);
        if (text is null)
            return usual is null ? null : new(usual, [Web(["node", usual])]);
        try
        {
            using var package = JsonDocument.Parse(text, new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
            var root = package.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
                return new("package.json is not an object", []);
            var service = FromScript(Script(root, "start")) ?? FromMain(folder, root) ?? (usual is null ? null : Web(["node", usual]));
            if (service is null)
                return new("package.json has no start script, and there is no server.js or index.js", []);
            return new("package.json", [Script(root, "build") is null ? service : service with { Build = ["npm", "run", "build"] }]);
        }
        catch (JsonException)
        {
            return new("package.json is not valid JSON", []);
        }
    }

    private static DraftedService? FromScript(string? script)
    {
        if (script is null)
            return null;
        var words = CommandWords.Split(ScalarNode.FromText(script), out var problems);
        return problems.Count == 0 && words is ["node", _, ..] ? Web(words) : Web(["npm", "start"], $"package.json starts: {script}. It listens on PORT?");
    }

    private static DraftedService? FromMain(ProjectFolder folder, JsonElement root)
    {
        if (!root.TryGetProperty("main", out var main) || main.ValueKind != JsonValueKind.String || main.GetString() is not { Length: > 0 } file)
            return null;
        return new[] { file, file + ".js", file.TrimEnd('/') + "/index.js" }.FirstOrDefault(folder.Has) is { } found ? Web(["node", found]) : null;
    }

    private static DraftedService Web(ImmutableArray<string> command, string note = "It should listen on process.env.PORT; if it insists on a port, add `port: 3000`.") =>
        new("web", command, note);

    private static string? Script(JsonElement root, string name) =>
        root.TryGetProperty("scripts", out var scripts) && scripts.ValueKind == JsonValueKind.Object && scripts.TryGetProperty(name, out var script) && script.ValueKind == JsonValueKind.String
            && script.GetString() is { } text && text.Trim().Length > 0 ? text : null;
}
