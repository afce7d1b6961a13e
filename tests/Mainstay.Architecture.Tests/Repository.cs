namespace Mainstay.Architecture.Tests;

/// <summary>The files of this repository, found from where the tests were built.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>The C# files that we wrote below a folder (apps under test are no tests), paths relative to the root with forward slashes.</summary>
    public static IReadOnlyList<SourceFile> CSharp(string folder) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(part => part is "obj" or "bin" or "node_modules" or "apps"))
            .Order(StringComparer.Ordinal)
            .Select(path => new SourceFile(path, File.ReadAllText(Path.Combine(Root, path)))),
    ];

    public static IReadOnlyList<string> Projects(string folder) =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, folder), "*.csproj", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static string FindRoot(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Mainstay.slnx")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"No Mainstay.slnx above {from}.");
    }
}

/// <param name="Path">Relative to the root, with forward slashes.</param>
/// <param name="Text">As it stands in the file.</param>
internal sealed record SourceFile(string Path, string Text)
{
    /// <summary>The text with comments blanked out, so that prose does not count as code.</summary>
    public string Code { get; } = SourceCode.WithoutComments(Text);

    public int Lines => Text.AsSpan().TrimEnd('\n').Count('\n') + 1;
}
