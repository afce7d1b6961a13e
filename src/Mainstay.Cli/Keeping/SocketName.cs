using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;

namespace Mainstay.Cli.Keeping;

/// <summary>Asks the system what a descriptor listens on, without taking it for a socket of ours.</summary>
internal static partial class SocketName
{
    private const ushort Internet = 2;
    private const ushort Internet6 = 10;
    private const int SocketLevel = 1;
    private const int AcceptsConnections = 30;

    /// <summary>Null for what is no listening TCP socket of this machine. Linux.</summary>
    public static unsafe IPEndPoint? Of(int descriptor)
    {
        Span<byte> name = stackalloc byte[128];
        var length = (uint)name.Length;
        var listens = 0;
        var size = (uint)sizeof(int);
        if (GetOption(descriptor, SocketLevel, AcceptsConnections, &listens, &size) != 0 || listens == 0)
            return null;
        fixed (byte* first = name)
        {
            if (GetSocketName(descriptor, first, &length) != 0)
                return null;
        }

        var port = BinaryPrimitives.ReadUInt16BigEndian(name[2..]);
        return MemoryMarshal.Read<ushort>(name) switch
        {
            Internet => new(new IPAddress(name[4..8]), port),
            Internet6 => new(new IPAddress(name[8..24]), port),
            _ => null,
        };
    }

    [LibraryImport("libc", EntryPoint = "getsockopt")]
    private static unsafe partial int GetOption(int descriptor, int level, int option, int* value, uint* length);

    [LibraryImport("libc", EntryPoint = "getsockname")]
    private static unsafe partial int GetSocketName(int descriptor, byte* name, uint* length);
}
