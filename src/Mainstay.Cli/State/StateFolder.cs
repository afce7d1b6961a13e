namespace Mainstay.Cli.State;

/// <summary>The folder <c>.mainstay</c>: ours alone, and never in the user's repository.</summary>
internal static class StateFolder
{
    /// <summary>errno of a read-only file system, as the framework passes it on; so are the others.</summary>
    public const int ReadOnly = 30;

    private const int InputOutput = 5;
    private const int NoSpace = 28;
    private const int NoQuota = 122;

    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Made, and closed to others. One that is there and cannot be written now (a full disk, a read-only file system) keeps nobody from serving:
    /// the returned line says what that means; null when all is well.
    /// </summary>
    public static string? Create(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory, OwnerOnly);
            if ((File.GetUnixFileMode(directory) & ~OwnerOnly) != 0)
                File.SetUnixFileMode(directory, OwnerOnly);
            Try(directory);
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            if (!Directory.Exists(directory) || !IsOfTheDisk(refused))
                throw Unwritable(directory, refused);
            return $"cannot write to {directory}: {Reason(refused)}; what can be served without is served, deploys fail until it can be written again";
        }
    }

    /// <summary>A byte is written: on a full disk a file can be made, but nothing put into it.</summary>
    private static void Try(string directory)
    {
        var ignore = Path.Combine(directory, ".gitignore");
        var draft = ignore + ".new";
        File.WriteAllText(draft, "*\n");
        File.Move(draft, ignore, overwrite: true);
    }

    /// <summary>Not something in the way or somebody else's, which a user can mend before the start.</summary>
    private static bool IsOfTheDisk(Exception refused) => refused is IOException { HResult: NoSpace or NoQuota or ReadOnly or InputOutput };

    public static CommandFailure Unwritable(string path, Exception refused) => CommandFailure.Failed(
        $"cannot write to {path}: {Reason(refused)}; Mainstay keeps its state there, beside the manifest");

    private static string Reason(Exception refused) => refused switch
    {
        UnauthorizedAccessException => "permission denied or read-only file system",
        IOException { HResult: 17 } => "a file of that name is in the way, move it",
        IOException { HResult: NoSpace } => "no space left on the disk",
        IOException { HResult: NoQuota } => "the disk quota is used up",
        IOException { HResult: ReadOnly } => "the file system is read-only",
        _ => refused.Message.Split('\n')[0].TrimEnd('.'),
    };
}
