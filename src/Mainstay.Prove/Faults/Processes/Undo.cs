namespace Mainstay.Prove.Faults.Processes;

/// <summary>What the guard does in our place if we are killed; one process each, and none that has its pid later.</summary>
internal sealed record Undo(string Words)
{
    public static Undo Continue(ProcessId process) => new($"continue {process.Pid} {process.StartTime}");

    /// <summary>Needs prlimit(1), of util-linux; where it is missing the limit stays as it is.</summary>
    public static Undo Descriptors(ProcessId process, ulong soft, ulong hard) => new($"descriptors {process.Pid} {process.StartTime} {soft} {hard}");
}
