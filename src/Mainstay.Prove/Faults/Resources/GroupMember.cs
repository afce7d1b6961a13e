using System.Runtime.InteropServices;

namespace Mainstay.Prove.Faults.Resources;

/// <summary>
/// Starts a program in a process group that is there already (posix_spawn with POSIX_SPAWN_SETPGROUP). The kernel allows that within one session
/// only: whoever started the group must be of ours, as a child <c>up</c> is.
/// </summary>
internal static unsafe partial class GroupMember
{
    // Larger than these opaque types are on any platform (glibc: 336, 80 and 128 bytes).
    private const int OpaqueSize = 1024;
    private const short SetGroupFlag = 2;
    private const short SetSignalDefaultsFlag = 4;
    private const int NoHang = 1;

    /// <summary>The pid. Its output goes nowhere.</summary>
    /// <param name="group">The leader's pid; 0: a new group that it leads.</param>
    /// <param name="input">Its standard input.</param>
    /// <exception cref="IOException">It cannot be started there; the message says why.</exception>
    public static int Start(string[] command, int group, SafeHandle input)
    {
        var attributes = stackalloc byte[OpaqueSize];
        var actions = stackalloc byte[OpaqueSize];
        var signals = stackalloc byte[OpaqueSize];
        var words = command.Select(word => Marshal.StringToCoTaskMemUTF8(word)).Append(0).ToArray();
        nint[] environment = [Marshal.StringToCoTaskMemUTF8("PATH=/usr/bin:/bin"), 0];
        using var nowhere = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        _ = InitAttributes(attributes);
        _ = InitActions(actions);
        try
        {
            _ = FillSignals(signals);
            _ = SetSignalDefaults(attributes, signals);
            _ = SetGroup(attributes, group);
            _ = SetFlags(attributes, SetGroupFlag | SetSignalDefaultsFlag);
            _ = AddDuplicate(actions, (int)input.DangerousGetHandle(), 0);
            _ = AddDuplicate(actions, (int)nowhere.DangerousGetHandle(), 1);
            _ = AddDuplicate(actions, (int)nowhere.DangerousGetHandle(), 2);
            int pid, error;
            fixed (nint* first = words, variables = environment)
                error = Spawn(&pid, (byte*)words[0], actions, attributes, (byte**)first, (byte**)variables);
            return error switch
            {
                0 => pid,
                1 => throw new IOException($"process group {group} is of another session, or gone: nothing can be started in it"),
                _ => throw new IOException($"{command[0]} cannot be started in process group {group}: {Marshal.GetPInvokeErrorMessage(error)}"),
            };
        }
        finally
        {
            _ = DestroyActions(actions);
            _ = DestroyAttributes(attributes);
            foreach (var text in words.Concat(environment))
                Marshal.FreeCoTaskMem(text);
        }
    }

    /// <summary>Lets the system forget a child that has ended. True: it had, or was none.</summary>
    public static bool TryReap(int pid)
    {
        int status;
        return WaitPid(pid, &status, NoHang) != 0;
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    private static partial int Spawn(int* pid, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int InitAttributes(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int DestroyAttributes(void* attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(void* attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setpgroup")]
    private static partial int SetGroup(void* attributes, int group);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetSignalDefaults(void* attributes, void* signals);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitActions(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(void* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(void* actions, int descriptor, int target);

    [LibraryImport("libc", EntryPoint = "sigfillset")]
    private static partial int FillSignals(void* signals);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int pid, int* status, int options);
}
