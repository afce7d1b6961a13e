using System.Security.Cryptography;
using System.Text;
using Mainstay.Cli.State;
using Mainstay.Contracts;

namespace Mainstay.Cli.Control;

/// <summary>
/// Where the control socket of a folder is: in <c>.mainstay</c>, or, when that path is too long for a socket, in a folder of the user's
/// own under the runtime directory, named in <c>.mainstay/control</c>. There, too, when <c>.mainstay</c> cannot be written.
/// </summary>
internal static class ControlAddress
{
    /// <summary>For <c>up</c>: the path to bind, its folder made and checked, the pointer written if one is needed.</summary>
    public static string Prepare(string stateDirectory, Func<string, string?> variables)
    {
        var pointer = Path.Combine(stateDirectory, WellKnown.ControlPointer);
        var path = Path.Combine(stateDirectory, WellKnown.ControlSocket);
        try
        {
            var isWritable = Ownership.CanWrite(stateDirectory);
            if (Encoding.UTF8.GetByteCount(path) <= WellKnown.SocketPathLimit && isWritable)
            {
                File.Delete(pointer);
                return path;
            }

            var elsewhere = Path.Combine(RuntimeDirectory(variables), Name(stateDirectory));
            if (Encoding.UTF8.GetByteCount(elsewhere) > WellKnown.SocketPathLimit)
                throw CommandFailure.Failed($"{elsewhere}: this path is too long for a socket ({WellKnown.SocketPathLimit} bytes); set XDG_RUNTIME_DIR to a shorter one");
            if (isWritable)
                File.WriteAllText(pointer, elsewhere + "\n");
            return elsewhere;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw StateFolder.Unwritable(pointer, refused);
        }
    }

    /// <summary>For clients: where to connect to, the likeliest first; empty if there is nothing.</summary>
    public static IReadOnlyList<string> Find(string stateDirectory, Func<string, string?> variables)
    {
        var path = Path.Combine(stateDirectory, WellKnown.ControlSocket);
        var named = Encoding.UTF8.GetByteCount(path) <= WellKnown.SocketPathLimit ? path : Named(stateDirectory);
        var elsewhere = Path.Combine(RuntimeFolder(variables), Name(stateDirectory));
        string?[] places = [named, elsewhere == named || !Ownership.IsOurs(RuntimeFolder(variables)) ? null : elsewhere];
        return [.. places.OfType<string>().Where(place => Encoding.UTF8.GetByteCount(place) <= WellKnown.SocketPathLimit && File.Exists(place))];
    }

    private static string? Named(string stateDirectory)
    {
        try
        {
            var named = File.ReadAllText(Path.Combine(stateDirectory, WellKnown.ControlPointer)).TrimEnd('\n');
            return Path.IsPathRooted(named) ? named : null;
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string RuntimeFolder(Func<string, string?> variables) =>
        variables("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && Path.IsPathRooted(runtime)
            ? Path.Combine(runtime, "mainstay")
            : Path.Combine(Path.GetTempPath(), $"mainstay-{Ownership.EffectiveUser}");

    private static string RuntimeDirectory(Func<string, string?> variables)
    {
        var directory = RuntimeFolder(variables);
        Directory.CreateDirectory(directory, StateFolder.OwnerOnly);
        // Anyone may have made a folder of this name in /tmp: a link, or one of theirs in which they could replace our socket.
        if (new DirectoryInfo(directory).LinkTarget is not null || !Ownership.IsOurs(directory))
            throw CommandFailure.Failed($"{directory} belongs to someone else; remove it, or set XDG_RUNTIME_DIR to a folder of your own");
        File.SetUnixFileMode(directory, StateFolder.OwnerOnly);
        return directory;
    }

    private static string Name(string stateDirectory) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stateDirectory)).AsSpan(0, 12)) + ".sock";
}
