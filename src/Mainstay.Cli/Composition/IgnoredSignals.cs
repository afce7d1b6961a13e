using System.Runtime.InteropServices;

namespace Mainstay.Cli.Composition;

/// <summary>
/// A core shares the terminal with its keeper, which is told everything that a terminal tells and passes on what is meant: a signal that
/// reached both would count twice.
/// </summary>
internal sealed class IgnoredSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations =
        [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, received => received.Cancel = true))];

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }
}
