using System.CommandLine;
using System.Runtime.InteropServices;
using Mainstay.Cli.Faulting;

namespace Mainstay.Cli.Commands;

internal static class FaultsCommand
{
    public static Command Create(CommandContext context)
    {
        var options = new FaultsOptions();
        var command = new Command("faults", "A proxy on this machine that breaks what passes, on purpose: latency, resets, refusals and more");
        foreach (var option in options.All)
            command.Options.Add(option);
        command.SetAction((parsed, cancel) => RunAsync(context, options.Read(parsed), cancel));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, FaultsRequest request, CancellationToken cancel)
    {
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var signals = new List<PosixSignalRegistration>();
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
        {
            signals.Add(PosixSignalRegistration.Create(signal, received =>
            {
                // Asked twice, it ends at once; its faults end with it.
                if (interrupted.IsCancellationRequested)
                    return;
                received.Cancel = true;
                interrupted.Cancel();
            }));
        }
        try
        {
            return await new FaultsSession(request, context.Terminal, context.Time).RunAsync(interrupted.Token);
        }
        finally
        {
            signals.ForEach(signal => signal.Dispose());
        }
    }
}
