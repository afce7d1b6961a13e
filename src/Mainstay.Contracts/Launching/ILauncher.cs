using System.Collections.Immutable;

namespace Mainstay.Contracts.Launching;

/// <summary>
/// Starts processes and owns them: as their parent, with the read ends of their output. One implementation lives in this process;
/// the keeper, which outlives it, implements it across a Unix socket.
/// </summary>
public interface ILauncher : IAsyncDisposable
{
    /// <summary>Processes that run on from before this process began, in the order of their start. Each is to be adopted, once.</summary>
    IReadOnlyList<IKeptProcess> Kept { get; }

    /// <summary>Starts a process in a process group of its own. Every expected failure is a <see cref="LaunchException"/> with one clear line.</summary>
    ValueTask<IProcess> LaunchAsync(LaunchSpec spec, IOutputSink output, CancellationToken cancel);
}

/// <param name="Name">For messages and the state file: <c>web-1</c>, or a step such as <c>web build</c>.</param>
/// <param name="Command">Program (a path, or a name looked up in the PATH of <paramref name="Environment"/>) and arguments.</param>
/// <param name="Directory">Absolute; must exist.</param>
/// <param name="Environment">The whole environment.</param>
public sealed record LaunchSpec(
    string Name,
    ImmutableArray<string> Command,
    string Directory,
    IReadOnlyDictionary<string, string> Environment);

/// <summary>A process group that we started.</summary>
public interface IProcess
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

    /// <summary>Notes what a later owner must know of it: see <see cref="IKeptProcess.Label"/>. The last label counts.</summary>
    void Label(ReadOnlySpan<byte> label);
}

/// <summary>A process that an earlier owner has left running, or that ended while there was none.</summary>
public interface IKeptProcess
{
    /// <summary>As it was launched.</summary>
    string Name { get; }

    /// <summary>What the last owner noted; empty if nothing.</summary>
    ReadOnlyMemory<byte> Label { get; }

    /// <summary>Takes it over, once. Its output comes from where the last owner had finished with it.</summary>
    IProcess Adopt(IOutputSink output);
}

/// <summary>A process could not be started: what, why, and what to do, in one line.</summary>
public sealed class LaunchException(string message) : Exception(message);
