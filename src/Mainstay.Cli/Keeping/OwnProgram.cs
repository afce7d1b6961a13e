namespace Mainstay.Cli.Keeping;

/// <summary>How this very program is started.</summary>
internal static class OwnProgram
{
    /// <summary>The executable; for one that <c>dotnet</c> runs, that and the assembly.</summary>
    public static IReadOnlyList<string> Words { get; } =
        Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet"
            ? [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "mainstay.dll")]
            : [Environment.ProcessPath!];
}
