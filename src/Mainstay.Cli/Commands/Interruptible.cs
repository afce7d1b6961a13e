using System.Runtime.InteropServices;
using Mainstay.Cli.State;

namespace Mainstay.Cli.Commands;

/// <summary>What can be asked to end early: it undoes what it did first. Asked twice, it ends at once, and what it started ends with it.</summary>
internal static class Interruptible
{
    /// <param name="context">Where it says so.</param>
    /// <param name="meanwhile">Said when it is asked.</param>
    /// <param name="afterwards">The failure that it ends with.</param>
    /// <param name="run">The exit code.</param>
    /// <param name="cancel">Asks, too.</param>
    public static Task<int> RunAsync(CommandContext context, string meanwhile, string afterwards, Func<CancellationToken, Task<int>> run, CancellationToken cancel) => RunAsync(
        () => context.Terminal.Error($"{meanwhile}; once more ends everything at once"),
        async interrupted =>
        {
            try
            {
                return await run(interrupted);
            }
            catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
            {
                throw CommandFailure.Failed(afterwards);
            }
        },
        cancel);

    /// <param name="asked">Called when it is asked.</param>
    /// <param name="run">The exit code.</param>
    /// <param name="cancel">Asks, too, without a word.</param>
    public static async Task<int> RunAsync(Action asked, Func<CancellationToken, Task<int>> run, CancellationToken cancel)
    {
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var signals = new List<PosixSignalRegistration>();
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            signals.Add(PosixSignalRegistration.Create(signal, received =>
            {
                if (interrupted.IsCancellationRequested)
                    return;
                received.Cancel = true;
                asked();
                Interrupt(interrupted);
            }));
        }
        try
        {
            return await run(interrupted.Token);
        }
        finally
        {
            signals.ForEach(signal => signal.Dispose());
        }
    }

    /// <summary>For the handlers of signals: one may still be on its way when its registration and what it ends are gone.</summary>
    public static void Interrupt(CancellationTokenSource interrupted)
    {
        try
        {
            interrupted.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself in this moment.
        }
    }
}
