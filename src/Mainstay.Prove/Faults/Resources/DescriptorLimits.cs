using Mainstay.Prove.Faults.Processes;

namespace Mainstay.Prove.Faults.Resources;

/// <summary>
/// Leaves a whole replica only a few more descriptors: its process, whatever is in its group, and what descends from either, each for itself. What one of
/// them starts meanwhile inherits its limit, and gets the usual one back with the others.
/// </summary>
internal sealed class DescriptorLimits : IDisposable
{
    private readonly ProcessId _leader;
    private readonly Dictionary<ProcessId, DescriptorLimit> _limits = [];

    private DescriptorLimits(ProcessId leader) => _leader = leader;

    /// <summary>How many processes were met.</summary>
    public int Processes => _limits.Count;

    /// <summary>Free descriptors of the process that has the fewest; null once all have ended.</summary>
    public int? Fewest => _limits.Values.Min(limit => limit.Free);

    /// <summary>Of the one that has the most.</summary>
    public int? Most => _limits.Values.Max(limit => limit.Free);

    /// <param name="leader">The replica's process.</param>
    /// <param name="spare">Descriptors that each may still open.</param>
    /// <param name="guard">Puts the limits back if we are killed.</param>
    /// <exception cref="IOException">A process is not ours, or all have ended; then all is as before.</exception>
    public static DescriptorLimits Lower(ProcessId leader, int spare, UndoGuard guard)
    {
        var limits = new DescriptorLimits(leader);
        try
        {
            foreach (var process in leader.Tree())
                limits.Add(process, spare, guard);
            return limits.Processes > 0 ? limits : throw new IOException($"process {leader} has ended");
        }
        catch
        {
            limits.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var limit in _limits.Values)
            limit.Dispose();
        foreach (var heir in _leader.Tree().Where(process => !_limits.ContainsKey(process)))
            _ = _limits.Values.Any(limit => limit.TryRestore(heir));
    }

    private void Add(ProcessId process, int spare, UndoGuard guard)
    {
        try
        {
            _limits.Add(process, DescriptorLimit.Lower(process, spare, guard));
        }
        catch (IOException) when (!process.IsAlive)
        {
            // A helper of the replica's that had done its work.
        }
    }
}
