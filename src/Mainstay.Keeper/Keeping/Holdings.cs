using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Keeping;

/// <summary>What cores asked to be kept beyond them: open descriptors (listening sockets, the lock, memory) and notes, each under a key.</summary>
internal sealed class Holdings : IDisposable
{
    private readonly SortedDictionary<string, SafeFileHandle> _descriptors = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, byte[]> _notes = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, SafeFileHandle> Descriptors => _descriptors;

    public IReadOnlyDictionary<string, byte[]> Notes => _notes;

    public void Hold(string key, SafeFileHandle descriptor)
    {
        Release(key);
        _descriptors[key] = descriptor;
    }

    public void Release(string key)
    {
        if (_descriptors.Remove(key, out var descriptor))
            descriptor.Dispose();
    }

    /// <param name="key">Which.</param>
    /// <param name="bytes">Empty: forget it.</param>
    public void Note(string key, byte[] bytes)
    {
        if (bytes.Length == 0)
            _notes.Remove(key);
        else
            _notes[key] = bytes;
    }

    public void Dispose()
    {
        foreach (var descriptor in _descriptors.Values)
            descriptor.Dispose();
        _descriptors.Clear();
    }
}
