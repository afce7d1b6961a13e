namespace Mainstay.Cli.Keeping;

/// <summary>How this very program is started.</summary>
internal static class OwnProgram
{
    /// <summary>The executable; for one that <c>dotnet</c> runs, that and the assembly.</summary>
    public static IReadOnlyList<string> Words { get; } =
        Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet"
            ? [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "mainstay.dll")]
            : [Environment.ProcessPath!];

    /// <summary>The script that builds from the sources removes builds that are not in use; by an upgrade, a core runs from another one than its keeper.</summary>
    public static void MarkInUse()
    {
        if (Environment.GetEnvironmentVariable("MAINSTAY_SCRIPT") is null)
            return;
        try
        {
            File.WriteAllBytes(Path.Combine(AppContext.BaseDirectory, $"in-use.{Environment.ProcessId}"), []);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // A sandbox, or a full disk: then nobody builds there either.
        }
    }
}
