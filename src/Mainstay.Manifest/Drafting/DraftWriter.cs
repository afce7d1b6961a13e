using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Values;

namespace Mainstay.Manifest.Drafting;

/// <summary>A recognised app → the text of a manifest.</summary>
internal static class DraftWriter
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(DraftedApp app)
    {
        var text = new StringBuilder();
        text.Append($"# A first manifest, made from {Shown.Text(app.Source)}. `mainstay check` reads it, `mainstay up` runs it.\n\n");
        text.Append("edge:\n  listen: http://127.0.0.1:8080      # http://0.0.0.0:8080 to be reached from other machines\n\nservices:\n");
        foreach (var service in app.Services)
            WriteService(service, text);
        var reachable = app.Services.Where(service => !service.IsWorker).ToArray();
        if (reachable.Length > 1)
            WriteRoutes(reachable, text);
        return text.ToString();
    }

    private static void WriteService(DraftedService service, StringBuilder text)
    {
        text.Append($"  {service.Name}:\n");
        if (service.Note is not null)
            text.Append($"    # {Shown.Text(service.Note, 300)}\n");
        text.Append($"    command: {Command(service.Command)}\n");
        if (service.Directory is not null)
            text.Append($"    directory: {Text(service.Directory)}\n");
        if (service.IsWorker)
            text.Append("    port: none                       # a worker: it listens nowhere\n");
        text.Append("    # replicas: 2                    # more copies, once the app keeps no state in its process\n");
        if (!service.IsWorker)
            text.Append("    # health: /healthz               # a path that answers 2xx when the app is ready; without it: the port accepts connections\n");
        text.Append("    # memory: 512MiB                 # a replica that comes near this is replaced\n");
        if (service.Build.IsEmpty && service.Before.IsEmpty)
            return;
        text.Append("    deploy:\n");
        if (!service.Build.IsEmpty)
            text.Append($"      build: {Command(service.Build)}\n");
        if (service.Artifact is not null)
            text.Append($"      artifact: {Text(service.Artifact)}                  # a release is a snapshot of this folder, and runs from there\n");
        if (!service.Before.IsEmpty)
            text.Append($"      before: {Command(service.Before)}\n");
    }

    private static void WriteRoutes(DraftedService[] services, StringBuilder text)
    {
        text.Append("\nroutes:\n");
        foreach (var service in services.Skip(1))
            text.Append($"  - {{ path: /{service.Name}/**, service: {service.Name} }}\n");
        text.Append($"  - {{ path: /**, service: {services[0].Name} }}\n");
    }

    /// <summary>As one text where that says the same, else as a list.</summary>
    private static string Command(ImmutableArray<string> words)
    {
        var text = string.Join(' ', words);
        var isPlain = char.IsAsciiLetterOrDigit(text[0]) || text[0] is '/' or '.';
        if (isPlain && text.All(c => char.IsAsciiLetterOrDigit(c) || " -_./:=@,+%{}".Contains(c)) && !text.Contains(": ", StringComparison.Ordinal) && !text.EndsWith(':')
            && CommandWords.Split(ScalarNode.FromText(text), out var problems).SequenceEqual(words) && problems.Count == 0)
            return text;
        return $"[{string.Join(", ", words.Select(word => word.Length > 0 && word.All(c => char.IsAsciiLetter(c) || c == '-') && word[0] != '-' && word is not ("true" or "false" or "null") ? word : Quoted(word)))}]";
    }

    private static string Text(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '.') ? text : Quoted(text);

    /// <summary>A JSON string is a YAML string; <c>${</c> would be taken for a variable of the manifest.</summary>
    private static string Quoted(string text) => JsonSerializer.Serialize(text, Plain).Replace("${", "$${", StringComparison.Ordinal);
}
