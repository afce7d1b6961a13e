using Mainstay.Contracts.Launching;
using Mainstay.Contracts.Processes;
using Mainstay.Keeper.Platform;

namespace Mainstay.Keeper.Launching;

/// <summary>
/// A child that we have to reap. Until then its pid, and its group's id, belong to it even after its end; so signals are sent
/// only before, under the same lock, and can never hit a stranger.
/// </summary>
internal sealed unsafe class ChildProcess(int pid, bool leadsGroup)
{
    private readonly Lock _reaping = new();
    private bool _reaped;
    private bool _asked;
    private bool _killed;

    public int Pid => pid;

    /// <summary>Signals the child, and its whole group if it leads one.</summary>
    public void Signal(int signal)
    {
        lock (_reaping)
        {
            if (_reaped)
                return;
            _asked |= signal != Signals.Kill;
            _killed |= signal == Signals.Kill;
            _ = LibC.Kill(leadsGroup ? -pid : pid, signal);
        }
    }

    /// <summary>
    /// It has ended because the group was asked to, and others of the group are still at it: a shell dies at once of a signal that the
    /// server below it answers by finishing its work. They have the time that whoever asked gives them before the kill.
    /// </summary>
    public bool LeavesOthersEnding()
    {
        lock (_reaping)
        {
            if (!leadsGroup || !_asked || _killed)
                return false;
        }
        try
        {
            return ProcStat.ReadAll(ProcFile.Root).Any(process => process.Group == pid && process.Pid != pid && !process.IsEnded);
        }
        catch (IOException)
        {
            return true; // Nothing can be opened now: not to be cut short for that.
        }
    }

    /// <summary>Whether it has ended and waits to be reaped.</summary>
    public bool HasEnded()
    {
        const int ByPid = 1;
        // siginfo_t has 128 bytes; its first word, the signal's number, stays zero while the child runs.
        var found = stackalloc int[64];
        new Span<int>(found, 64).Clear();
        int failed;
        do
            failed = LibC.WaitId(ByPid, pid, found, LibC.WaitExited | LibC.WaitNoHang | LibC.WaitNoReap);
        while (failed != 0 && LastError == LibC.Interrupted);
        return failed != 0 ? LastError == LibC.CallerHasNoSuchChild : found[0] != 0;
    }

    /// <summary>Reaps it; only after <see cref="HasEnded"/>. Its status is unknown (-1) if someone else has reaped it.</summary>
    public ExitStatus Reap()
    {
        lock (_reaping)
        {
            int status;
            int result;
            do
                result = LibC.WaitPid(pid, &status, LibC.WaitNoHang);
            while (result < 0 && LastError == LibC.Interrupted);
            _reaped = true;
            if (result != pid)
                return new ExitStatus(-1, 0);
            var signal = status & 0x7f;
            return signal != 0 ? new ExitStatus(0, signal) : new ExitStatus((status >> 8) & 0xff, 0);
        }
    }

    private static int LastError => System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
}
