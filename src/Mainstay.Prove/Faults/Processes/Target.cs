namespace Mainstay.Prove.Faults.Processes;

/// <summary>Who is meant.</summary>
/// <param name="Process">The replica's process; if it leads a group, its pid is the group's id.</param>
/// <param name="WholeTree">Also whatever is in its group or descends from it.</param>
internal readonly record struct Target(ProcessId Process, bool WholeTree)
{
    private const int MostLooks = 5;

    /// <summary>
    /// Signals everybody, parents first, and looks again for what was started meanwhile. What was signalled, in that order.
    /// </summary>
    public IReadOnlyList<ProcessId> Signal(int signal, Action<ProcessId>? before = null)
    {
        var reached = new List<ProcessId>();
        var known = new HashSet<ProcessId>();
        for (var look = 0; look < MostLooks; look++)
        {
            var fresh = (WholeTree ? Process.Tree() : [Process]).Where(known.Add).ToList();
            foreach (var process in fresh)
            {
                before?.Invoke(process);
                if (process.Signal(signal))
                    reached.Add(process);
            }
            if (fresh.Count == 0 || !WholeTree)
                break;
        }
        return reached;
    }
}
