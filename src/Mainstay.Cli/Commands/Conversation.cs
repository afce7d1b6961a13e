using System.Runtime.InteropServices;
using Mainstay.Cli.Control;
using Mainstay.Cli.State;
using Mainstay.Cli.Terminal;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Commands;

/// <summary>Sends a request to the running Mainstay and shows what it answers, until it ends.</summary>
internal static class Conversation
{
    /// <summary>Of a command that was interrupted (128 + SIGINT).</summary>
    private const int Interrupted = 130;

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(CommandContext context, Place place, ControlRequest request, CancellationToken cancel)
    {
        if (request.Command == "logs")
            return await ListenAsync(context, place, request, cancel);
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, received =>
        {
            received.Cancel = true;
            Interruptible.Interrupt(interrupted);
        });
        try
        {
            return await ListenAsync(context, place, request, interrupted.Token);
        }
        catch (OperationCanceledException)
        {
            // What was asked for belongs to Mainstay, not to this terminal.
            throw new CommandFailure(Interrupted, $"the {request.Command} goes on without you; see 'mainstay status'");
        }
    }

    private static async Task<int> ListenAsync(CommandContext context, Place place, ControlRequest request, CancellationToken cancel)
    {
        var terminal = context.Terminal;
        var prefix = new Prefix();
        await foreach (var next in ControlClient.AskAsync(place, request, cancel, request.Command == "logs" ? null : context.Time))
        {
            var readable = true;
            if (next.Progress is not null)
                readable = terminal.Error(terminal.ErrorStyle.Dim(next.Progress));
            if (next.Line is not null)
                readable = terminal.Out(prefix.Apply(next.Line, terminal.OutStyle));
            if (next.Exit is { } exit)
                return next.Error is null ? exit : terminal.Report(new(exit, next.Error, next.LastLines));
            if (!readable && request.Command == "logs")
                return ExitCodes.Done; // `mainstay logs | head`: nobody reads on
        }
        throw ControlClient.NotRunning(place);
    }
}
