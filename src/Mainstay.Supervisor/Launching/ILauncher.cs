using System.Collections.Immutable;

namespace Mainstay.Supervisor.Launching;

/// <summary>
/// Starts processes and owns them: as their parent, with the read ends of their output. One implementation lives in this process;
/// a keeper that outlives it can take over behind the same interface.
/// </summary>
internal interface ILauncher : IAsyncDisposable
{
    /// <summary>Starts a process in a process group of its own. Every expected failure is a <see cref="LaunchException"/> with one clear line.</summary>
    ValueTask<IProcess> LaunchAsync(LaunchSpec spec, IOutputSink output, CancellationToken cancel);
}

/// <param name="Name">For messages and the state file: <c>web-1</c>, or a step such as <c>web build</c>.</param>
/// <param name="Command">Program (a path, or a name looked up in the PATH of <paramref name="Environment"/>) and arguments.</param>
/// <param name="Directory">Absolute; must exist.</param>
/// <param name="Environment">The whole environment.</param>
internal sealed record LaunchSpec(
    string Name,
    ImmutableArray<string> Command,
    string Directory,
    IReadOnlyDictionary<string, string> Environment);

/// <summary>A process group that we started.</summary>
internal interface IProcess
{
    /// <summary>The leader's process id, which is the group's id too.</summary>
    int Pid { get; }

    /// <summary>
    /// Completes when the leader has ended, its output has been read to the end (or for 1 s more, if something else holds it open),
    /// and the rest of its group was killed. Never faults.
    /// </summary>
    Task<ExitStatus> Exited { get; }

    /// <summary>Sends a signal to the whole group; does nothing once it is gone.</summary>
    void Signal(int signal);
}

/// <summary>How a process ended: an exit code, or the signal that killed it.</summary>
internal readonly record struct ExitStatus(int Code, int Signal)
{
    public bool Succeeded => Signal == 0 && Code == 0;

    /// <summary>"exited with code 3", "was killed by SIGKILL".</summary>
    public override string ToString() => Signal != 0 ? $"was killed by {Signals.NameOf(Signal)}" : $"exited with code {Code}";
}

/// <summary>Takes output lines, called from one thread, in order; must not block.</summary>
internal interface IOutputSink
{
    void Write(string source, string line, bool isError);
}

/// <summary>A process could not be started: what, why, and what to do, in one line.</summary>
public sealed class LaunchException(string message) : Exception(message);
