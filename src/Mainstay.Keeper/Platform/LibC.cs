using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Platform;

/// <summary>
/// The C library, where .NET has no word for it. Nothing here is variadic, because variadic calls are passed differently on some platforms
/// (that is why there is no fcntl).
/// </summary>
internal static unsafe partial class LibC
{
    private const string Library = "libc";

    public const int BrokenPipe = 32;
    public const int Interrupted = 4;
    public const int CallerHasNoSuchChild = 10;

    public const short PollIn = 1;
    public const short PollOut = 4;

    public const int WaitNoHang = 1;
    public const int WaitExited = 4;
    public static readonly int WaitNoReap = OperatingSystem.IsMacOS() ? 0x20 : 0x0100_0000;

    public const short SpawnSetGroup = 2;
    public const short SpawnSetSignalDefaults = 4;
    public const short SpawnSetSignalMask = 8;
    public static readonly short SpawnSetSession = OperatingSystem.IsMacOS() ? (short)0x400 : (short)0x80;

    /// <summary>macOS only: the child gets no descriptor that was not named; on Linux ours are all close-on-exec.</summary>
    public static readonly short SpawnCloseOthers = OperatingSystem.IsMacOS() ? (short)0x4000 : (short)0;

    public const int ReadWrite = 2;
    public static readonly int CloseOnExec = OperatingSystem.IsMacOS() ? 0x0100_0000 : 0x8_0000;

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Found;
    }

    [LibraryImport(Library, EntryPoint = "posix_spawn")]
    public static partial int Spawn(int* pid, byte* path, void* actions, void* attributes, byte** arguments, byte** environment);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_init")]
    public static partial int InitAttributes(void* attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_destroy")]
    public static partial int DestroyAttributes(void* attributes);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setflags")]
    public static partial int SetFlags(void* attributes, short flags);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setpgroup")]
    public static partial int SetGroup(void* attributes, int group);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigdefault")]
    public static partial int SetSignalDefaults(void* attributes, void* signals);

    [LibraryImport(Library, EntryPoint = "posix_spawnattr_setsigmask")]
    public static partial int SetSignalMask(void* attributes, void* signals);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int InitActions(void* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int DestroyActions(void* actions);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int AddDuplicate(void* actions, int descriptor, int target);

    [LibraryImport(Library, EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    public static partial int AddDirectory(void* actions, byte* path);

    // Newer than the oldest C libraries we run on, and unknown to macOS: without it only descriptors that Mainstay itself inherited are passed on.
    private static readonly delegate* unmanaged<void*, int, int> AddCloseFromFunction =
        (delegate* unmanaged<void*, int, int>)(NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "posix_spawn_file_actions_addclosefrom_np", out var found) ? found : 0);

    public static void AddCloseFrom(void* actions, int first)
    {
        if (AddCloseFromFunction is not null)
            _ = AddCloseFromFunction(actions, first);
    }

    [LibraryImport(Library, EntryPoint = "sigemptyset")]
    public static partial int EmptySignals(void* signals);

    [LibraryImport(Library, EntryPoint = "sigfillset")]
    public static partial int FillSignals(void* signals);

    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    [LibraryImport(Library, EntryPoint = "waitpid", SetLastError = true)]
    public static partial int WaitPid(int pid, int* status, int options);

    [LibraryImport(Library, EntryPoint = "waitid", SetLastError = true)]
    public static partial int WaitId(int kind, int pid, void* found, int options);

    [LibraryImport(Library, EntryPoint = "poll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, int timeoutMilliseconds);

    [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, byte* buffer, nuint count);

    [LibraryImport(Library, EntryPoint = "pipe2", SetLastError = true)]
    private static partial int PipeWithFlags(int* ends, int flags);

    [LibraryImport(Library, EntryPoint = "pipe", SetLastError = true)]
    private static partial int PlainPipe(int* ends);

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request);

    [LibraryImport(Library, EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport(Library, EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    public static bool IsExecutable(string path) => Access(path, 1) == 0;

    /// <summary>Opens a file for reading and writing, closed on exec; an invalid handle when that fails.</summary>
    public static SafeFileHandle Open(string path) => new(OpenFile(path, ReadWrite | CloseOnExec), ownsHandle: true);

    /// <summary>A blocking pipe, both ends closed on exec. False with the platform's error when there are no descriptors left.</summary>
    public static bool TryPipe(out SafeFileHandle read, out SafeFileHandle write, out int error)
    {
        var ends = stackalloc int[2];
        var failed = OperatingSystem.IsMacOS() ? PlainPipe(ends) : PipeWithFlags(ends, CloseOnExec);
        error = failed == 0 ? 0 : Marshal.GetLastPInvokeError();
        read = new SafeFileHandle(failed == 0 ? ends[0] : -1, ownsHandle: true);
        write = new SafeFileHandle(failed == 0 ? ends[1] : -1, ownsHandle: true);
        if (failed == 0 && OperatingSystem.IsMacOS())
        {
            const nuint CloseOnExecRequest = 0x2000_6601; // FIOCLEX, the one way that takes no variadic argument
            _ = Control(ends[0], CloseOnExecRequest);
            _ = Control(ends[1], CloseOnExecRequest);
        }

        return failed == 0;
    }

    /// <summary>
    /// Makes sure that descriptors 0 to 2 are open, so that no pipe of ours gets one of these numbers and is trampled on
    /// when a child's standard streams are put in place.
    /// </summary>
    public static void OccupyStandardStreams()
    {
        while (true)
        {
            var descriptor = OpenFile("/dev/null", ReadWrite);
            if (descriptor is >= 0 and <= 2)
                continue;
            if (descriptor > 2)
                _ = Close(descriptor);
            return;
        }
    }

    /// <summary>Writes at most a few bytes without ever blocking: a pipe with room takes them whole. False when there is no room or no reader.</summary>
    public static bool TryWriteWhole(SafeFileHandle pipe, ReadOnlySpan<byte> bytes)
    {
        var descriptor = Descriptor(pipe);
        var entry = new PollEntry { Descriptor = descriptor, Events = PollOut };
        if (Poll(&entry, 1, 0) != 1 || (entry.Found & PollOut) == 0)
            return false;
        fixed (byte* first = bytes)
            return Write(descriptor, first, (nuint)bytes.Length) == bytes.Length;
    }

    /// <summary>Writes everything, for as long as that takes; gives up once nobody can take it any more.</summary>
    public static void WriteAll(SafeFileHandle file, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            for (nint done = 0; done < bytes.Length;)
            {
                var written = Write(Descriptor(file), first + done, (nuint)(bytes.Length - done));
                if (written < 0 && Marshal.GetLastPInvokeError() != Interrupted)
                    return;
                done += Math.Max(0, written);
            }
        }
    }

    public static int Descriptor(SafeFileHandle handle) => (int)handle.DangerousGetHandle();

    public static string Describe(int error) => Marshal.GetPInvokeErrorMessage(error);
}
