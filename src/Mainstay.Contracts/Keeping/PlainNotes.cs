using System.Collections.Concurrent;

namespace Mainstay.Contracts.Keeping;

/// <summary>Notes that end with this process.</summary>
public sealed class PlainNotes : INotes
{
    private readonly ConcurrentDictionary<string, byte[]> _notes = new(StringComparer.Ordinal);

    public byte[]? Read(string key) => _notes.GetValueOrDefault(key);

    public void Write(string key, ReadOnlySpan<byte> note)
    {
        if (note.IsEmpty)
            _notes.TryRemove(key, out _);
        else
            _notes[key] = note.ToArray();
    }
}
