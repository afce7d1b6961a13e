using System.Runtime.InteropServices;
using Mainstay.Contracts;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Platform;

/// <summary>What Linux alone has: files in memory, descriptors passed between processes, a signal when the parent dies.</summary>
internal static unsafe partial class Linux
{
    private const string Library = "libc";

    private const int FamilyUnix = 1;
    private const int TypeStream = 1;
    private const int TypeDatagram = 2;
    private const int TypeCloseOnExec = 0x8_0000;
    private const int TypeNonBlocking = 0x800;
    private const int LevelSocket = 1;
    private const int OptionSendTimeout = 21;
    private const int OptionSendBuffer = 7;
    private const int OptionAcceptsConnections = 30;
    private const int OptionType = 3;
    private const int OptionDomain = 39;
    private const int FamilyInternet = 2;
    private const int FamilyInternet6 = 10;
    private const int NoSuchDescriptor = 9; // EBADF
    private const uint MemoryCloseOnExec = 1;
    private const int EventCloseOnExec = 0x8_0000;
    private const nuint CloseOnExecRequest = 0x5451; // FIOCLEX
    private const int ParentDeathSignal = 1;

    public const int RightsMessage = 1;
    public const int NoSignal = 0x4000;
    public const int ReceiveCloseOnExec = 0x4000_0000;

    public const int SocketLevel = LevelSocket;

    /// <summary>struct msghdr of 64-bit Linux.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public void* Name;
        public uint NameLength;
        public Piece* Pieces;
        public nuint PieceCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct Piece
    {
        public void* Start;
        public nuint Length;
    }

    /// <summary>struct cmsghdr; the descriptors follow it.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ControlHeader
    {
        public nuint Length;
        public int Level;
        public int Type;
    }

    [LibraryImport(Library, EntryPoint = "socketpair", SetLastError = true)]
    private static partial int SocketPair(int family, int type, int protocol, int* pair);

    [LibraryImport(Library, EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int type, int protocol);

    [LibraryImport(Library, EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(int socket, int level, int option, void* value, uint length);

    [LibraryImport(Library, EntryPoint = "getsockopt", SetLastError = true)]
    private static partial int GetOption(int socket, int level, int option, void* value, uint* length);

    [LibraryImport(Library, EntryPoint = "sendto", SetLastError = true)]
    private static partial nint SendTo(int socket, byte* bytes, nuint count, int flags, byte* address, uint addressLength);

    [LibraryImport(Library, EntryPoint = "sendmsg", SetLastError = true)]
    public static partial nint SendMessage(int socket, MessageHeader* message, int flags);

    [LibraryImport(Library, EntryPoint = "recvmsg", SetLastError = true)]
    public static partial nint ReceiveMessage(int socket, MessageHeader* message, int flags);

    [LibraryImport(Library, EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int socket, byte* bytes, nuint count, int flags);

    [LibraryImport(Library, EntryPoint = "shutdown", SetLastError = true)]
    public static partial int Shutdown(int socket, int how);

    [LibraryImport(Library, EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateMemoryFile(string name, uint flags);

    [LibraryImport(Library, EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int Truncate(int descriptor, long length);

    [LibraryImport(Library, EntryPoint = "eventfd", SetLastError = true)]
    private static partial int CreateEvent(uint initial, int flags);

    [LibraryImport(Library, EntryPoint = "prctl", SetLastError = true)]
    private static partial int ProcessControl(int option, nuint argument, nuint third, nuint fourth, nuint fifth);

    [LibraryImport(Library, EntryPoint = "getppid")]
    public static partial int Parent();

    [LibraryImport(Library, EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, nuint request);

    /// <summary>Two connected stream sockets, closed on exec. Throws an <see cref="IOException"/> when there are no descriptors left.</summary>
    /// <param name="patience">How long a send may wait for a peer that does not read.</param>
    public static (SafeFileHandle One, SafeFileHandle Other) ConnectedSockets(TimeSpan patience)
    {
        var pair = stackalloc int[2];
        if (SocketPair(FamilyUnix, TypeStream | TypeCloseOnExec, 0, pair) != 0)
            throw LastError("cannot connect to a core");
        var time = stackalloc long[2];
        (time[0], time[1]) = ((long)patience.TotalSeconds, 0);
        var room = 1 << 20;
        for (var i = 0; i < 2; i++)
        {
            _ = SetOption(pair[i], LevelSocket, OptionSendTimeout, time, 2 * sizeof(long));
            _ = SetOption(pair[i], LevelSocket, OptionSendBuffer, &room, sizeof(int));
        }

        return (new(pair[0], ownsHandle: true), new(pair[1], ownsHandle: true));
    }

    /// <summary>A file without a name that is nowhere but in memory, closed on exec. Throws an <see cref="IOException"/>.</summary>
    public static SafeFileHandle MemoryFile(string name, long size)
    {
        var file = new SafeFileHandle(CreateMemoryFile(name, MemoryCloseOnExec), ownsHandle: true);
        if (!file.IsInvalid && Truncate(LibC.Descriptor(file), size) == 0)
            return file;
        var error = LastError("output cannot be kept");
        file.Dispose();
        throw error;
    }

    /// <summary>A counter that wakes whoever reads it, closed on exec. Throws an <see cref="IOException"/>.</summary>
    public static SafeFileHandle Doorbell()
    {
        var counter = new SafeFileHandle(CreateEvent(0, EventCloseOnExec), ownsHandle: true);
        return counter.IsInvalid ? throw LastError("cannot make a doorbell") : counter;
    }

    public static void Ring(SafeFileHandle doorbell)
    {
        var one = 1L;
        _ = LibC.Write(LibC.Descriptor(doorbell), (byte*)&one, sizeof(long));
    }

    /// <summary>Returns once it has been rung since the last call.</summary>
    public static void Await(SafeFileHandle doorbell)
    {
        long rung;
        _ = LibC.Read(LibC.Descriptor(doorbell), (byte*)&rung, sizeof(long));
    }

    /// <summary>This process is to be killed when the thread that started it, and with it the parent, has ended.</summary>
    public static void DieWithParent(int signal) => _ = ProcessControl(ParentDeathSignal, (nuint)signal, 0, 0, 0);

    public static void CloseOnExec(int descriptor) => _ = Control(descriptor, CloseOnExecRequest);

    /// <summary>Why nobody can connect to it by TCP, in one clause; null: it is a listening stream socket of the internet.</summary>
    public static string? WhyNotListening(int descriptor)
    {
        if (Option(descriptor, OptionType) is not { } type)
            return Marshal.GetLastPInvokeError() == NoSuchDescriptor ? "is not open" : "is no socket";
        if (type != TypeStream)
            return type == TypeDatagram ? "is a datagram socket" : "is no stream socket";
        if (Option(descriptor, OptionDomain) is not (FamilyInternet or FamilyInternet6))
            return "is no TCP socket";
        return Option(descriptor, OptionAcceptsConnections) is 1 ? null : "does not listen (one of a connection, by Accept=yes?)";
    }

    private static int? Option(int descriptor, int option)
    {
        var value = 0;
        var length = (uint)sizeof(int);
        return GetOption(descriptor, LevelSocket, option, &value, &length) == 0 ? value : null;
    }

    /// <summary>Sends one datagram to a Unix socket by its address (sun_path; a leading zero for an abstract one); false when nobody takes it now.</summary>
    public static bool SendDatagram(ReadOnlySpan<byte> path, ReadOnlySpan<byte> text)
    {
        Span<byte> address = stackalloc byte[110];
        address.Clear();
        if (path.IsEmpty || path.Length > WellKnown.SocketPathLimit)
            return false;
        address[0] = FamilyUnix;
        path.CopyTo(address[2..]);
        var socket = Socket(FamilyUnix, TypeDatagram | TypeCloseOnExec | TypeNonBlocking, 0);
        if (socket < 0)
            return false;
        using var owned = new SafeFileHandle(socket, ownsHandle: true);
        // An abstract name is as long as it is; a path ends with a zero.
        var length = (uint)(2 + path.Length + (path[0] == 0 ? 0 : 1));
        fixed (byte* to = address)
        fixed (byte* first = text)
            return SendTo(socket, first, (nuint)text.Length, NoSignal, to, length) == text.Length;
    }

    private static IOException LastError(string what) => new($"{what}: {Marshal.GetLastPInvokeErrorMessage()}");
}
