namespace Mainstay.Architecture.Tests.Sources;

/// <summary>A test of <c>src/X/Folder</c> stands in <c>tests/X.Tests/Folder</c>.</summary>
internal static class MirrorRule
{
    /// <summary>Fakes that several folders share, files that tests read, and tests of the ./mainstay script have no counterpart.</summary>
    private static readonly string[] OwnFolders = ["Fakes", "Corpus", "Simulations", "Script"];

    /// <param name="path">Of a test file, relative to the root.</param>
    /// <param name="sourceFolders">Folders below src that hold C#.</param>
    public static IEnumerable<string> Misplaced(string path, IReadOnlySet<string> sourceFolders)
    {
        var parts = path.Split('/');
        if (parts.Length < 4 || !parts[1].EndsWith(".Tests", StringComparison.Ordinal) || parts[1] == "Mainstay.Architecture.Tests")
            return [];
        if (OwnFolders.Contains(parts[2]))
            return [];
        var counterpart = $"src/{parts[1][..^".Tests".Length]}/{string.Join('/', parts[2..^1])}";
        return sourceFolders.Any(folder => folder == counterpart || folder.StartsWith(counterpart + "/", StringComparison.Ordinal))
            ? []
            : [$"{path} mirrors {counterpart}, which holds no code."];
    }
}
