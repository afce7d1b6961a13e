using System.Globalization;
using Mainstay.Prove.Faults.Processes;

namespace Mainstay.Prove.Faults.Resources;

/// <summary>
/// Leaves a running process only a few more descriptors than it has: what it opens beyond them fails with EMFILE. Only the soft limit is lowered, and it
/// is put back when this is disposed, or by the guard when we are killed.
/// </summary>
internal sealed class DescriptorLimit : IDisposable
{
    private readonly ProcessId _process;
    private readonly Limits.Pair _before;
    private readonly IDisposable _promise;
    private bool _restored;

    private DescriptorLimit(ProcessId process, Limits.Pair before, ulong lowered, IDisposable promise) =>
        (_process, _before, Lowered, _promise) = (process, before, lowered, promise);

    /// <summary>The soft limit now.</summary>
    public ulong Lowered { get; }

    public ulong Before => _before.Soft;

    /// <summary>Descriptors that are still free below the limit; 0: the next one fails. Null once the process is gone.</summary>
    public int? Free => Numbers(_process) is { } open ? (int)Lowered - open.Count(number => (ulong)number < Lowered) : null;

    /// <param name="spare">Descriptors that it may still open.</param>
    /// <exception cref="IOException">The process is gone, or not ours.</exception>
    public static DescriptorLimit Lower(ProcessId process, int spare, UndoGuard guard)
    {
        var before = Limits.Read(process.Pid);
        var open = Numbers(process) ?? throw new IOException($"process {process.Pid} has ended, or its descriptors cannot be read");
        var lowered = Math.Min(LimitFor(open, spare), before.Soft);
        var promise = guard.Promise(Undo.Descriptors(process, before.Soft, before.Hard));
        try
        {
            Limits.Write(process.Pid, before with { Soft = lowered });
            return new(process, before, lowered, promise);
        }
        catch
        {
            promise.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (_restored)
            return;
        _restored = true;
        try
        {
            if (_process.IsAlive)
                Limits.Write(_process.Pid, _before);
        }
        catch (IOException)
        {
            // It ended in this moment.
        }
        _promise.Dispose();
    }

    /// <summary>Puts it back for another process, which has it from this one. False: that one has a limit of its own, or is gone.</summary>
    public bool TryRestore(ProcessId heir)
    {
        try
        {
            if (!heir.IsAlive || Limits.Read(heir.Pid) is var limit && (limit.Soft != Lowered || limit.Hard != _before.Hard))
                return false;
            Limits.Write(heir.Pid, _before);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>A limit is about numbers, not counts, and the lowest free one is taken first: below it must be just so many free numbers.</summary>
    internal static ulong LimitFor(IReadOnlyCollection<int> open, int spare)
    {
        var taken = open.ToHashSet();
        var limit = 0;
        for (var free = 0; free < spare || taken.Contains(limit); limit++)
            free += taken.Contains(limit) ? 0 : 1;
        return (ulong)limit;
    }

    private static List<int>? Numbers(ProcessId process)
    {
        try
        {
            return process.IsAlive
                ? [.. Directory.EnumerateFileSystemEntries($"/proc/{process.Pid}/fd").Select(path => int.Parse(Path.GetFileName(path), CultureInfo.InvariantCulture))]
                : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
