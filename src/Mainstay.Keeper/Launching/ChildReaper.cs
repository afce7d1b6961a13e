using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Mainstay.Contracts.Launching;

namespace Mainstay.Keeper.Launching;

/// <summary>
/// Learns of the end of our children: by SIGCHLD, and by a slow sweep in case one was missed. Asks for each known child by its pid,
/// so that it never takes the status of a child that someone else in this process started.
/// </summary>
internal sealed class ChildReaper : IDisposable
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(1);

    /// <summary>While a group is ending whose leader has ended: nobody tells us when the last of the others has.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<int, Watched> _children = new();
    private readonly Lock _sweeping = new();
    private readonly ITimer _timer;
    private readonly PosixSignalRegistration _signal;

    public ChildReaper(TimeProvider time)
    {
        _timer = time.CreateTimer(_ => Sweep(), null, SweepEvery, SweepEvery);
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("Mainstay runs processes on Linux and macOS only");
        _signal = PosixSignalRegistration.Create(PosixSignal.SIGCHLD, _ => Sweep());
    }

    /// <param name="child">Not reaped yet; may have ended already.</param>
    /// <param name="ended">Called once it has ended and before its pid is given up. Must not block.</param>
    /// <param name="reaped">Called after that. Must not block.</param>
    public void Watch(ChildProcess child, Action ended, Action<ExitStatus> reaped)
    {
        _children[child.Pid] = new Watched(child, ended, reaped);
        // It may have ended before it was known here.
        _timer.Change(TimeSpan.Zero, SweepEvery);
    }

    public void Dispose()
    {
        _signal.Dispose();
        _timer.Dispose();
    }

    private void Sweep()
    {
        lock (_sweeping)
        {
            foreach (var (pid, watched) in _children)
            {
                if (!watched.Child.HasEnded())
                    continue;
                if (watched.Child.LeavesOthersEnding())
                {
                    _timer.Change(LookAgain, SweepEvery);
                    continue;
                }
                watched.Ended();
                // Forgotten before it is reaped: from then on a new child can have the same pid.
                _children.TryRemove(pid, out _);
                watched.Reaped(watched.Child.Reap());
            }
        }
    }

    private sealed record Watched(ChildProcess Child, Action Ended, Action<ExitStatus> Reaped);
}
