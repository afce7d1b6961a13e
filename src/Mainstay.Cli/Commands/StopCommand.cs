using System.CommandLine;
using Mainstay.Cli.Control;
using Mainstay.Cli.State;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Commands;

internal static class StopCommand
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(20);

    /// <summary>How often a core may hang up on a stop, and after what time the next one is asked: ten seconds of cores that do not live.</summary>
    private const int Losses = 50;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>From "everything has stopped" to the end of the process.</summary>
    private static readonly TimeSpan Ending = TimeSpan.FromSeconds(10);

    public static Command Create(CommandContext context)
    {
        var command = new Command("stop", "Drain and stop a running 'up', and wait until it has ended");
        command.SetAction((parsed, cancel) => RunAsync(context, context.PlaceOf(parsed), cancel));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, Place place, CancellationToken cancel)
    {
        var exit = await AskAsync(context, place, cancel);
        var start = context.Time.GetTimestamp();
        while (exit == ExitCodes.Done && RunLock.IsHeld(place.StateDirectory))
        {
            if (context.Time.GetElapsedTime(start) > Ending)
                throw CommandFailure.Failed($"everything has stopped, but process {RunLock.Holder(place.StateDirectory)} does not end; end it with: kill -KILL {RunLock.Holder(place.StateDirectory)}");
            await Task.Delay(Poll, context.Time, cancel);
        }
        return exit;
    }

    /// <summary>A core that dies meanwhile leaves the stop to the next one, which is asked again.</summary>
    private static async Task<int> AskAsync(CommandContext context, Place place, CancellationToken cancel)
    {
        for (var losses = 0; ; losses++)
        {
            try
            {
                return await Conversation.RunAsync(context, place, new(ControlProtocol.Version, "stop"), cancel);
            }
            catch (CoreLost) when (losses < Losses)
            {
                if (!RunLock.IsHeld(place.StateDirectory))
                    return ExitCodes.Done;
                await Task.Delay(Pause, context.Time, cancel);
            }
        }
    }
}
