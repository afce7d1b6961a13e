using System.Runtime.InteropServices;

namespace Mainstay.Prove.Faults.Resources;

/// <summary>prlimit(2): limits of a process that runs, without its help. Linux only.</summary>
internal static unsafe partial class Limits
{
    private const int Descriptors = 7;

    /// <summary>How many descriptors a process may have: numbers from 0 up to, not including, the soft one.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Pair
    {
        public ulong Soft;
        public ulong Hard;
    }

    /// <exception cref="IOException">There is no such process, or it is not ours.</exception>
    public static Pair Read(int pid)
    {
        Pair pair;
        return Call(pid, Descriptors, null, &pair) == 0 ? pair : throw Failure(pid);
    }

    /// <exception cref="IOException">There is no such process, or it is not ours.</exception>
    public static void Write(int pid, Pair pair)
    {
        if (Call(pid, Descriptors, &pair, null) != 0)
            throw Failure(pid);
    }

    private static IOException Failure(int pid) =>
        new($"the descriptor limit of process {pid} cannot be changed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    private static partial int Call(int pid, int resource, Pair* next, Pair* last);
}
