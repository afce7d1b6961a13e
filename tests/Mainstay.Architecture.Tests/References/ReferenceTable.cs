using System.Xml.Linq;

namespace Mainstay.Architecture.Tests.References;

/// <summary>Which of our projects may reference which: the table of the design.</summary>
internal static class ReferenceTable
{
    private static readonly string[] None = [];

    /// <summary>Without the prefix <c>Mainstay.</c>; null stands for everything.</summary>
    private static readonly Dictionary<string, string[]?> Allowed = new()
    {
        ["Contracts"] = None,
        ["Manifest"] = None,
        ["Resilience"] = None,
        ["Keeper"] = ["Contracts"],
        ["AspNetCore"] = ["Contracts", "Resilience"],
        ["Edge"] = ["Contracts", "Manifest", "Resilience"],
        ["Supervisor"] = ["Contracts", "Manifest"],
        ["Telemetry"] = ["Contracts", "Manifest"],
        ["Prove"] = ["Contracts", "Manifest"],
        ["Audit"] = ["Manifest"],
        ["Publish"] = ["Manifest"],
        ["Dashboard"] = ["Contracts", "Telemetry"],
        ["Cli"] = null,
    };

    /// <summary>One line for each reference of <paramref name="project"/> that the table does not allow.</summary>
    public static IEnumerable<string> Violations(string project, IEnumerable<string> references)
    {
        if (!Allowed.TryGetValue(Short(project), out var allowed))
            return [$"{project} does not stand in the reference table."];
        return references
            .Where(reference => Short(reference) == "Cli" || (allowed is not null && !allowed.Contains(Short(reference))))
            .Select(reference => $"{project} must not reference {reference}.");
    }

    /// <summary>The names of the projects that a project file references.</summary>
    public static IEnumerable<string> ProjectReferences(string projectFile) =>
        XDocument.Parse(projectFile).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')));

    private static string Short(string project) =>
        project == "mainstay" ? "Cli" : project.StartsWith("Mainstay.", StringComparison.Ordinal) ? project["Mainstay.".Length..] : project;
}
