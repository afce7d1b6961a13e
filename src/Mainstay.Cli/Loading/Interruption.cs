using System.Runtime.InteropServices;

namespace Mainstay.Cli.Loading;

/// <summary>SIGINT or SIGTERM asks for an early end with a summary; a second one ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly TaskCompletionSource _come = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption() => _registrations =
        [PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal), PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal)];

    public bool HasCome => _come.Task.IsCompleted;

    /// <summary>Ends when it comes.</summary>
    public Task Come => _come.Task;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    private void OnSignal(PosixSignalContext context) => context.Cancel = _come.TrySetResult();
}
