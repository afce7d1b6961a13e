using Mainstay.Cli.Control;
using Mainstay.Cli.State;
using Mainstay.Cli.Terminal;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Commands;

/// <summary>Sends a request to the running Mainstay and shows what it answers, until it ends.</summary>
internal static class Conversation
{
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(CommandContext context, Place place, ControlRequest request, CancellationToken cancel)
    {
        var terminal = context.Terminal;
        var prefix = new Prefix();
        await foreach (var next in ControlClient.AskAsync(place, request, cancel))
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
