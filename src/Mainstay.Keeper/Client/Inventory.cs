using Mainstay.Keeper.Messages;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Client;

/// <summary>What the keeper has told that it keeps: descriptors and processes that nobody has taken up yet, and notes. Thread-safe.</summary>
internal sealed class Inventory
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SafeFileHandle> _descriptors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _notes = new(StringComparer.Ordinal);
    private readonly List<KeptEntry> _processes = [];

    public IReadOnlyList<KeptEntry> Processes
    {
        get
        {
            lock (_lock)
                return [.. _processes];
        }
    }

    public IReadOnlyList<string> Keys
    {
        get
        {
            lock (_lock)
                return [.. _descriptors.Keys];
        }
    }

    /// <summary>The inventory is told anew: what was told before, and not taken up, counts no more.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            foreach (var descriptor in _descriptors.Values.Concat(_processes.SelectMany(process => process.Streams)))
                descriptor.Dispose();
            _descriptors.Clear();
            _processes.Clear();
        }
    }

    public void Add(string key, SafeFileHandle descriptor)
    {
        lock (_lock)
        {
            if (_descriptors.Remove(key, out var before))
                before.Dispose();
            _descriptors[key] = descriptor;
        }
    }

    public void Add(KeptEntry process)
    {
        lock (_lock)
            _processes.Add(process);
    }

    /// <summary>The descriptor becomes the caller's.</summary>
    public SafeFileHandle? Take(string key)
    {
        lock (_lock)
            return _descriptors.Remove(key, out var descriptor) ? descriptor : null;
    }

    /// <summary>False if it was taken before.</summary>
    public bool Take(KeptEntry process)
    {
        lock (_lock)
            return _processes.Remove(process);
    }

    public byte[]? Note(string key)
    {
        lock (_lock)
            return _notes.GetValueOrDefault(key);
    }

    public void SetNote(string key, byte[] bytes)
    {
        lock (_lock)
        {
            if (bytes.Length == 0)
                _notes.Remove(key);
            else
                _notes[key] = bytes;
        }
    }
}

/// <param name="Id">The keeper's number of it.</param>
/// <param name="Pid">Of its leader.</param>
/// <param name="Name">As launched.</param>
/// <param name="Label">As last noted.</param>
/// <param name="Ended">How; null while it runs.</param>
/// <param name="Streams">Standard output and error.</param>
internal sealed record KeptEntry(int Id, int Pid, string Name, byte[] Label, Contracts.Launching.ExitStatus? Ended, SafeFileHandle[] Streams)
{
    public static KeptEntry Read(Message message)
    {
        using var body = message.Read();
        var (id, pid, name, label) = (body.ReadInt32(), body.ReadInt32(), body.ReadString(), body.ReadBytesWithLength());
        var hasEnded = body.ReadBoolean();
        var status = new Contracts.Launching.ExitStatus(body.ReadInt32(), body.ReadInt32());
        return new(id, pid, name, label, hasEnded ? status : null, message.Descriptors);
    }
}
