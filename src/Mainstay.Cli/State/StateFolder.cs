namespace Mainstay.Cli.State;

/// <summary>The folder <c>.mainstay</c>: ours alone, and never in the user's repository.</summary>
internal static class StateFolder
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static void Create(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory, OwnerOnly);
            if ((File.GetUnixFileMode(directory) & ~OwnerOnly) != 0)
                File.SetUnixFileMode(directory, OwnerOnly);
            var ignore = Path.Combine(directory, ".gitignore");
            if (!File.Exists(ignore))
                File.WriteAllText(ignore, "*\n");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(directory, refused);
        }
    }

    public static CommandFailure Unwritable(string path, Exception refused) => CommandFailure.Failed(
        $"cannot write to {path}: {Reason(refused)}; Mainstay keeps its state there, beside the manifest");

    private static string Reason(Exception refused) => refused switch
    {
        UnauthorizedAccessException => "permission denied or read-only file system",
        IOException { HResult: 17 } => "a file of that name is in the way, move it",
        IOException { HResult: 28 } => "no space left on the disk",
        IOException { HResult: 30 } => "the file system is read-only",
        _ => refused.Message.Split('\n')[0].TrimEnd('.'),
    };
}
