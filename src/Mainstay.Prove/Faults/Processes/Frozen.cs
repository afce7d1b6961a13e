namespace Mainstay.Prove.Faults.Processes;

/// <summary>Processes that are stopped, or about to be: they go on when this is disposed. May be disposed twice.</summary>
internal sealed class Frozen(UndoGuard guard) : IDisposable
{
    private readonly List<(ProcessId Process, IDisposable Promise)> _promises = [];

    /// <summary>Before the process is stopped.</summary>
    public void Promise(ProcessId process) => _promises.Add((process, guard.Promise(Undo.Continue(process))));

    public void Dispose()
    {
        foreach (var (process, promise) in _promises)
        {
            process.Signal(Posix.SigContinue);
            promise.Dispose();
        }
        _promises.Clear();
    }
}
