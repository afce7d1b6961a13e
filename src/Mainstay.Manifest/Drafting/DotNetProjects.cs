using System.Xml;
using System.Xml.Linq;
using Mainstay.Manifest.Values;

namespace Mainstay.Manifest.Drafting;

/// <summary>Projects of the web and worker SDKs, here or up to two folders below.</summary>
internal static class DotNetProjects
{
    public static DraftedApp? Recognise(ProjectFolder folder)
    {
        var files = Find(folder);
        if (files.Count == 0)
            return null;
        var services = files.Select(file => Read(folder, file)).OfType<DraftedService>().OrderBy(service => service.IsWorker).ToArray();
        if (services.Length == 0)
            return new($"{files[0]} is neither a web nor a worker project", []);
        if (services is [var only])
            services = [only with { Name = only.IsWorker ? "worker" : "web" }];
        return new(files.Count == 1 ? files[0] : "the .NET projects", [.. services.DistinctBy(service => service.Name)]);
    }

    private static IReadOnlyList<string> Find(ProjectFolder folder)
    {
        var here = folder.Files("*.csproj");
        if (here.Count > 0)
            return here;
        var folders = folder.Folders();
        return [.. folders.Concat(folders.SelectMany(folder.Folders)).SelectMany(below => folder.Files("*.csproj", below)).Where(file => !file.Contains("Test", StringComparison.Ordinal)).Take(20)];
    }

    private static DraftedService? Read(ProjectFolder folder, string file)
    {
        var project = Parse(folder.Read(file));
        var sdk = project?.Attribute("Sdk")?.Value.Split('/')[0];
        var isWeb = sdk == "Microsoft.NET.Sdk.Web" || project?.Descendants("FrameworkReference").Any(reference => reference.Attribute("Include")?.Value == "Microsoft.AspNetCore.App") == true
            && project.Descendants("OutputType").Any(type => type.Value.Equals("Exe", StringComparison.OrdinalIgnoreCase));
        if (!isWeb && sdk != "Microsoft.NET.Sdk.Worker")
            return null;
        var name = Path.GetFileNameWithoutExtension(file);
        var written = project!.Descendants("AssemblyName").FirstOrDefault()?.Value.Trim();
        var assembly = string.IsNullOrEmpty(written) || written.Contains('$') ? name : written;
        var below = Path.GetDirectoryName(file)!;
        string[] build = ["dotnet", "publish", .. folder.Files("*.csproj", below).Count > 1 ? [Path.GetFileName(file)] : Array.Empty<string>(), "-c", "Release", "-o", "out"];
        return new(Names.ToService(name), ["dotnet", $"{assembly}.dll"])
        {
            IsWorker = !isWeb,
            Directory = below.Length > 0 ? below : null,
            Build = [.. build],
            Artifact = "out",
        };
    }

    private static XElement? Parse(string? text)
    {
        try
        {
            return text is null ? null : XDocument.Parse(text).Root;
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
