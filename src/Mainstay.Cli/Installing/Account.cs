using System.Runtime.InteropServices;

namespace Mainstay.Cli.Installing;

/// <summary>A user of this machine.</summary>
/// <param name="Name">As in the user database.</param>
/// <param name="Id">0 is root.</param>
/// <param name="Home">Absolute path; it may not exist.</param>
internal sealed partial record Account(string Name, uint Id, string Home)
{
    public bool IsRoot => Id == 0;

    /// <summary>Null if there is none. Asks the user database, so that accounts of a directory service are found too.</summary>
    public static Account? Named(string name) => Read(GetByName(name));

    public static Account? Numbered(uint id) => Read(GetById(id));

    /// <summary>struct passwd, as Linux has it: name, password, user, group (both 32 bits), full name, home, shell.</summary>
    private static Account? Read(IntPtr entry)
    {
        if (entry == IntPtr.Zero || Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(entry)) is not { Length: > 0 } name)
            return null;
        var home = Marshal.PtrToStringUTF8(Marshal.ReadIntPtr(entry, (3 * IntPtr.Size) + 8));
        return new(name, (uint)Marshal.ReadInt32(entry, 2 * IntPtr.Size), string.IsNullOrEmpty(home) ? "/" : home);
    }

    [LibraryImport("libc", EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial IntPtr GetByName(string name);

    [LibraryImport("libc", EntryPoint = "getpwuid")]
    private static partial IntPtr GetById(uint id);
}
