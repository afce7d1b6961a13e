using Mainstay.Cli.State;

namespace Mainstay.Cli.Installing;

/// <summary>A unit on the disk. Only one that we wrote for the same manifest is ever replaced or removed.</summary>
internal sealed class UnitFile(string path)
{
    private const UnixFileMode ReadableByAll = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string Path => path;

    /// <summary>What is there now; null: nothing.</summary>
    public string? Read()
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Refused("read", refused);
        }
    }

    /// <summary>Throws unless nothing is there, or our own unit for this manifest. True if it is there.</summary>
    public bool CheckOurs(string manifest)
    {
        if (Read() is not { } unit)
            return false;
        if (SystemdUnit.ManifestOf(unit) is not { } other)
            throw CommandFailure.Failed($"{path} exists and was not written by mainstay; it is left as it is: remove it, or give the manifest another 'name'");
        if (other != manifest)
            throw CommandFailure.Failed($"{path} is for another manifest, {other}; give one of the two another 'name'");
        return true;
    }

    /// <summary>All of it or nothing: systemd may read at any time.</summary>
    public void Write(string text)
    {
        var draft = $"{path}.{Environment.ProcessId}.new";
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            try
            {
                using (var file = new FileStream(draft, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = ReadableByAll }))
                {
                    file.Write(System.Text.Encoding.UTF8.GetBytes(text));
                    file.Flush(flushToDisk: true);
                }
                // Whatever the umask made of it.
                File.SetUnixFileMode(draft, ReadableByAll);
                File.Move(draft, path, overwrite: true);
            }
            finally
            {
                File.Delete(draft);
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Refused("write", refused);
        }
    }

    public void Delete()
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw Refused("remove", refused);
        }
    }

    private CommandFailure Refused(string verb, Exception refused) => CommandFailure.Failed(refused is UnauthorizedAccessException
        ? $"cannot {verb} {path}: permission denied or read-only file system; use sudo, or --user for your own systemd, or --print"
        : $"cannot {verb} {path}: {refused.Message.Split('\n')[0].TrimEnd('.')}");
}
