using System.Text.RegularExpressions;

namespace Mainstay.Manifest.Drafting;

/// <summary><c>go.mod</c> with a main package here or under <c>cmd/</c>.</summary>
internal static partial class GoModule
{
    public static DraftedApp? Recognise(ProjectFolder folder)
    {
        if (!folder.Has("go.mod"))
            return null;
        var package = HoldsMain(folder, "") ? "." : folder.Folders("cmd").FirstOrDefault(below => HoldsMain(folder, below)) is { } below ? $"./{below}" : null;
        return package is null
            ? new("go.mod has no main package beside it or under cmd/", [])
            : new("go.mod", [new("web", ["./app"], "It should listen on the port in the variable PORT; if it takes the port as an argument, write {port}.")
            {
                Build = ["go", "build", "-o", "out/app", package],
                Artifact = "out",
            }]);
    }

    private static bool HoldsMain(ProjectFolder folder, string below) =>
        folder.Files("*.go", below).Any(file => !file.EndsWith("_test.go", StringComparison.Ordinal) && MainPackage().IsMatch(folder.Read(file) ?? ""));

    [GeneratedRegex(@"^package\s+main\b", RegexOptions.Multiline)]
    private static partial Regex MainPackage();
}
