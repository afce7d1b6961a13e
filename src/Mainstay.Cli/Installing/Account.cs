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

    private static Account? Read(IntPtr entry)
    {
        if (entry == IntPtr.Zero)
            return null;
        var known = Marshal.PtrToStructure<Entry>(entry);
        return Marshal.PtrToStringUTF8(known.Name) is { Length: > 0 } name
            ? new(name, known.Id, Marshal.PtrToStringUTF8(known.Home) is { Length: > 0 } home ? home : "/")
            : null;
    }

    [LibraryImport("libc", EntryPoint = "getpwnam", StringMarshalling = StringMarshalling.Utf8)]
    private static partial IntPtr GetByName(string name);

    [LibraryImport("libc", EntryPoint = "getpwuid")]
    private static partial IntPtr GetById(uint id);

    /// <summary>struct passwd, as Linux has it; the shell that follows is not read.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Entry
    {
        public readonly IntPtr Name;
        public readonly IntPtr Password;
        public readonly uint Id;
        public readonly uint Group;
        public readonly IntPtr FullName;
        public readonly IntPtr Home;
    }
}
