using System.Collections.Immutable;
using Mainstay.Manifest.Values;

namespace Mainstay.Manifest.Drafting;

/// <summary><c>name: command</c> on each line; <c>web</c> gets the port, <c>release</c> runs before a deploy.</summary>
internal static class Procfile
{
    public static DraftedApp? Recognise(ProjectFolder folder)
    {
        if (folder.Read("Procfile") is not { } text)
            return null;
        var services = ImmutableArray.CreateBuilder<DraftedService>();
        ImmutableArray<string> release = [];
        foreach (var line in text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var command = line[(colon + 1)..].Trim();
            if (colon <= 0 || command.Length == 0)
                continue;
            var name = Names.ToService(line[..colon].Trim());
            if (name == "release")
                release = ShellText.ToCommand(command);
            else if (services.All(service => service.Name != name))
                services.Add(new(name, ShellText.ToCommand(command)) { IsWorker = name != "web" && !ShellText.NamesPort(command) });
        }
        if (services.Count == 0)
            return new("Procfile has no line such as `web: node server.js`", []);
        var ordered = services.OrderBy(service => service.Name == "web" ? 0 : 1).ToArray();
        ordered[0] = ordered[0] with { Before = release };
        return new("Procfile", [.. ordered]);
    }
}
