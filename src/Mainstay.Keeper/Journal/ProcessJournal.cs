using System.Collections.Immutable;

namespace Mainstay.Keeper.Journal;

/// <summary>
/// The state file <c>.mainstay/processes</c>: the groups that run now, replaced as a whole at each change. It is what the next start
/// cleans up from when Mainstay and its guard were both killed.
/// </summary>
internal sealed class ProcessJournal(string stateDirectory, Action<string> warn)
{
    private readonly Lock _changing = new();
    private readonly Dictionary<int, JournalEntry> _entries = [];
    private JournalEntry? _owner;
    private bool _failed;

    public string File { get; } = Path.Combine(stateDirectory, "processes");

    /// <summary>What an earlier run left; cut lines are left out, a missing file is empty.</summary>
    public ImmutableArray<JournalEntry> Read()
    {
        try
        {
            return [.. System.IO.File.ReadLines(File).Select(JournalEntry.Parse).OfType<JournalEntry>()];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>From now on the file is ours.</summary>
    public void Own(JournalEntry owner)
    {
        lock (_changing)
            _owner = owner;
    }

    public void Add(JournalEntry entry)
    {
        lock (_changing)
        {
            _entries[entry.Pid] = entry;
            WriteNeedsLock();
        }
    }

    public void Remove(int pid)
    {
        lock (_changing)
        {
            if (_entries.Remove(pid))
                WriteNeedsLock();
        }
    }

    private void WriteNeedsLock()
    {
        try
        {
            if (_entries.Count == 0)
            {
                System.IO.File.Delete(File);
                return;
            }

            Directory.CreateDirectory(stateDirectory);
            var text = string.Concat(_entries.Values.Prepend(_owner).OfType<JournalEntry>().Select(entry => entry.Format()));
            var next = File + ".new";
            System.IO.File.WriteAllText(next, text);
            System.IO.File.Move(next, File, overwrite: true);
            _failed = false;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // A full disk must not stop a launch: the guard still does its work.
            if (!_failed)
                warn($"cannot write {File} ({problem.Message}): should Mainstay and its guard both be killed, the next start cannot end what is left");
            _failed = true;
        }
    }
}
