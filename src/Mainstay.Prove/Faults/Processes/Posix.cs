using System.Runtime.InteropServices;

namespace Mainstay.Prove.Faults.Processes;

/// <summary>The C library, where .NET has no word for it.</summary>
internal static partial class Posix
{
    public const int SigKill = 9;
    public static readonly int SigContinue = OperatingSystem.IsMacOS() ? 19 : 18;
    public static readonly int SigStop = OperatingSystem.IsMacOS() ? 17 : 19;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);
}
