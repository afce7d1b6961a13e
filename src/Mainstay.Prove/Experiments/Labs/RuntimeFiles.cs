using System.Collections.Immutable;
using System.Globalization;
using Mainstay.Contracts.Processes;
using Mainstay.Prove.Faults.Processes;

namespace Mainstay.Prove.Experiments.Labs;

/// <summary>
/// The files in its temporary folder by which a .NET runtime lets itself be diagnosed. It removes them at its end, unless it is killed: until disposed, the guard
/// then removes those of this process.
/// </summary>
internal sealed class RuntimeFiles : IDisposable
{
    /// <summary>Bytes of the socket's name with the slash before it, and a few more; a runtime whose socket gets too long a path cannot be asked for anything.</summary>
    public const int LongestName = 50;

    private readonly ImmutableArray<IDisposable> _promises;

    private RuntimeFiles(ImmutableArray<IDisposable> promises) => _promises = promises;

    /// <summary>Of this process.</summary>
    public static RuntimeFiles RemovedBy(UndoGuard guard) => new(
        ProcStat.Read(ProcFile.Root, Environment.ProcessId) is { } self
            ? [.. Names(self).Select(name => Path.GetFullPath(Path.Combine(Path.GetTempPath(), name))).Where(File.Exists).Select(Undo.Remove).OfType<Undo>().Select(guard.Promise)]
            : []);

    /// <summary>Whether a process is a .NET runtime that lets itself be asked.</summary>
    public static bool HasSocket(int pid) => ProcStat.Read(ProcFile.Root, pid) is { } process
        && File.Exists(Path.Combine(ProcFile.Variable(ProcFile.Root, pid, "TMPDIR") ?? Path.GetTempPath(), Names(process)[0]));

    public void Dispose()
    {
        foreach (var promise in _promises)
            promise.Dispose();
    }

    /// <summary>The socket first.</summary>
    private static ImmutableArray<string> Names(ProcStat process)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"{process.Pid}-{process.StartTime}");
        return [$"dotnet-diagnostic-{key}-socket", $"clr-debug-pipe-{key}-in", $"clr-debug-pipe-{key}-out"];
    }
}
