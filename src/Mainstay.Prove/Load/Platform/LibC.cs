using System.Runtime.InteropServices;

namespace Mainstay.Prove.Load.Platform;

/// <summary>The C library of Linux: sockets that never block, and epoll. Nothing here is variadic.</summary>
internal static unsafe partial class LibC
{
    private const string Library = "libc";

    public const int Interrupted = 4;
    public const int TryAgain = 11;
    public const int Reset = 104;
    public const int TimedOut = 110;
    public const int Refused = 111;
    public const int InProgress = 115;

    public const int Stream = 1;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x8_0000;
    public const int SocketLevel = 1;
    public const int SocketError = 4;
    public const int TcpLevel = 6;
    public const int NoDelay = 1;
    public const int IpLevel = 0;
    public const int BindAddressOnly = 24;
    public const int NoSignal = 0x4000;

    [StructLayout(LayoutKind.Sequential)]
    public struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Found;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int descriptor, byte* address, uint length);

    [LibraryImport(Library, EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int descriptor, byte* address, uint length);

    [LibraryImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetOption(int descriptor, int level, int name, int* value, uint* length);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetOption(int descriptor, int level, int name, int* value, uint length);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int descriptor, byte* bytes, nuint count, int flags);

    [LibraryImport(Library, EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int descriptor, byte* bytes, nuint count, int flags);

    [LibraryImport(Library, EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport(Library, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int CreateEpoll(int flags);

    [LibraryImport(Library, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int ControlEpoll(int epoll, int operation, int descriptor, byte* entry);

    [LibraryImport(Library, EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int WaitEpoll(int epoll, byte* entries, int most, int milliseconds);

    [LibraryImport(Library, EntryPoint = "clock_gettime")]
    public static partial int ReadClock(int clock, TimeSpec* time);

    [LibraryImport(Library, EntryPoint = "ppoll", SetLastError = true)]
    public static partial int Poll(PollEntry* entries, nuint count, TimeSpec* limit, void* signals);
}
