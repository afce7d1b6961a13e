namespace Mainstay.Prove.Faults.Processes;

/// <summary>What the guard does in our place if we are killed. Of processes one each, and none that has its pid later.</summary>
internal sealed record Undo(string Words)
{
    public static Undo Continue(ProcessId process) => new($"continue {process.Pid} {process.StartTime}");

    /// <summary>Needs prlimit(1), of util-linux; where it is missing the limit stays as it is.</summary>
    public static Undo Descriptors(ProcessId process, ulong soft, ulong hard) => new($"descriptors {process.Pid} {process.StartTime} {soft} {hard}");

    /// <summary>Null: the guard is told a line each, and knows no folder but the root; what has two lines, or is relative, it cannot be told.</summary>
    /// <param name="path">A file, or a folder with all that is in it. It need not be there yet.</param>
    public static Undo? Remove(string path) => Path.IsPathRooted(path) && !path.Contains('\n', StringComparison.Ordinal) ? new($"remove {path}") : null;
}
