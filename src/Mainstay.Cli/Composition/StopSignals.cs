using System.Runtime.InteropServices;
using Mainstay.Cli.Terminal;

namespace Mainstay.Cli.Composition;

/// <summary>
/// SIGTERM and SIGINT ask for a stop; a second one ends the process at once (the guard of the replicas' groups kills them).
/// SIGHUP means that the terminal is gone, which is no reason to stop.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    /// <summary>For the last lines; a terminal that takes longer loses them.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(200);

    private readonly QueuedTerminal _terminal;
    private readonly Stopping _stopping;
    private readonly TimeProvider _time;
    private readonly PosixSignalRegistration[] _registrations;
    private int _received;

    public StopSignals(QueuedTerminal terminal, Stopping stopping, TimeProvider time)
    {
        (_terminal, _stopping, _time) = (terminal, stopping, time);
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnStop),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnStop),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true),
        ];
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void OnStop(PosixSignalContext context)
    {
        context.Cancel = true;
        var (name, number) = context.Signal == PosixSignal.SIGINT ? ("SIGINT", 2) : ("SIGTERM", 15);
        if (Interlocked.Increment(ref _received) == 1)
        {
            _terminal.Out($"{_terminal.OutStyle.Bold("mainstay |")} {name}: stopping; once more ends everything at once");
            _stopping.Request();
            return;
        }
        _terminal.Error($"{_terminal.ErrorStyle.Bold("mainstay |")} {name} again: ending everything at once");
        _ = EndAsync(128 + number);
    }

    private async Task EndAsync(int exit)
    {
        await _terminal.FlushAsync(LastWords, _time);
        Environment.Exit(exit);
    }
}
