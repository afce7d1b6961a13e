using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Mainstay.Cli.Control;

/// <summary>Who owns a file, and who is at the other end of a Unix socket.</summary>
internal static partial class Ownership
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint WantOwner = 0x8;
    private const int WriteAccess = 2;

    public static uint EffectiveUser { get; } = GetEffectiveUser();

    /// <summary>Whether we own it. Where the kernel cannot be asked (only Linux has statx), the mode that is set on it next decides.</summary>
    public static bool IsOurs(string path) => !OperatingSystem.IsLinux() || OwnerOf(path) == EffectiveUser;

    /// <summary>Null for what is not there, and where the kernel cannot be asked.</summary>
    public static uint? OwnerOf(string path)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        Span<byte> answer = stackalloc byte[256];
        return StatX(CurrentDirectory, path, NoFollow, WantOwner, answer) == 0
            ? BinaryPrimitives.ReadUInt32LittleEndian(answer[20..]) // stx_uid
            : null;
    }

    /// <summary>Whether the peer runs as us or as root. Unknown (not Linux) counts as yes: the socket's mode already keeps others out.</summary>
    public static bool MayControl(Socket peer)
    {
        if (!OperatingSystem.IsLinux())
            return true;
        Span<byte> credentials = stackalloc byte[12]; // pid, uid, gid
        try
        {
            if (peer.GetRawSocketOption(1, 17, credentials) != credentials.Length) // SOL_SOCKET, SO_PEERCRED
                return false;
        }
        catch (SocketException)
        {
            return false; // Gone already.
        }
        var user = BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]);
        return user == EffectiveUser || user == 0;
    }

    /// <summary>Whether files can be made in it: by its mode, and by the file system.</summary>
    public static bool CanWrite(string directory) => Access(directory, WriteAccess) == 0;

    [LibraryImport("libc", EntryPoint = "access", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUser();

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int directory, string path, int flags, uint mask, Span<byte> answer);
}
