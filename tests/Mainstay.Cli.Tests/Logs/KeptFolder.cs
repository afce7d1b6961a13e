using Mainstay.Contracts.Keeping;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Cli.Tests.Logs;

/// <summary>Kept files as files in a folder: what one memory wrote, the next one finds.</summary>
internal sealed class KeptFolder : IKeptFiles, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mainstay-test-");

    public List<string> Opened { get; } = [];

    public bool HasNone { get; set; }

    /// <summary>A keeper that breaks its word: files are this much shorter than asked for.</summary>
    public int Missing { get; set; }

    public SafeFileHandle? Open(string key, long size)
    {
        lock (Opened)
            Opened.Add(key);
        if (HasNone)
            return null;
        var file = File.OpenHandle(
            Path.Combine(_folder.FullName, key.Replace('/', '_')), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.SetLength(file, size - Missing);
        return file;
    }

    public IReadOnlyList<string> Keys
    {
        get
        {
            lock (Opened)
                return [.. _folder.EnumerateFiles().Select(file => file.Name.Replace('_', '/')).Except(Opened)];
        }
    }

    public void Forget(string key) => File.Delete(Path.Combine(_folder.FullName, key.Replace('/', '_')));

    public void Dispose() => _folder.Delete(recursive: true);
}
