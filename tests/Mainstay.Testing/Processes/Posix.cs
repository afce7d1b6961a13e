using System.Runtime.InteropServices;

namespace Mainstay.Testing.Processes;

/// <summary>Signals, by process id and nothing broader.</summary>
public static partial class Posix
{
    public const int Hangup = 1;
    public const int Interrupt = 2;
    public const int SigKill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>False if there is no such process.</summary>
    public static bool Send(int pid, int signal) => pid > 1 && Kill(pid, signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
