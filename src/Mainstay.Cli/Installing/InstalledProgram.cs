namespace Mainstay.Cli.Installing;

/// <summary>How this Mainstay is started, by a service manager that knows nothing but absolute paths.</summary>
/// <param name="Words">Program and first arguments.</param>
/// <param name="Variables">What it needs besides.</param>
/// <param name="Writable">Folders that it writes to by itself; null: none.</param>
internal sealed record InstalledProgram(IReadOnlyList<string> Words, IReadOnlyList<KeyValuePair<string, string>> Variables, string? Writable)
{
    /// <param name="processPath">The running executable.</param>
    /// <param name="baseDirectory">Where Mainstay's own files are.</param>
    /// <param name="variables">The environment.</param>
    public static InstalledProgram Of(string processPath, string baseDirectory, Func<string, string?> variables)
    {
        List<KeyValuePair<string, string>> needed = [];
        if (variables("DOTNET_ROOT") is { Length: > 0 } runtime && Path.IsPathRooted(runtime))
            needed.Add(new("DOTNET_ROOT", runtime));
        if (variables("MAINSTAY_SCRIPT") is { Length: > 0 } script && Path.IsPathRooted(script))
        {
            // A build of the script is removed once another took its place and it does not run: only the script itself lasts. It must not build
            // when the service starts, in a sandbox that has no room for it, and it notes in its folder which build is in use.
            return new([script], [.. needed, new("MAINSTAY_AS_BUILT", "1")], Path.Combine(Path.GetDirectoryName(script)!, "artifacts", "mainstay"));
        }
        return Path.GetFileName(processPath) == "dotnet"
            ? new([processPath, Path.Combine(baseDirectory, "mainstay.dll")], needed, null)
            : new([processPath], needed, null);
    }
}
