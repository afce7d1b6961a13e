using System.CommandLine;
using System.Text.Json;
using Mainstay.Cli.Control;
using Mainstay.Cli.Showing;
using Mainstay.Cli.State;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Commands;

internal static class StatusCommand
{
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    public static Command Create(CommandContext context)
    {
        var json = new Option<bool>("--json") { Description = "One JSON document" };
        var watch = new Option<bool>("--watch", "-w") { Description = "Refresh every second until interrupted" };
        var command = new Command("status", "Services and replicas: in which state, since when and why") { json, watch };
        command.SetAction((parsed, cancel) =>
        {
            var place = context.PlaceOf(parsed);
            return (parsed.GetValue(json), parsed.GetValue(watch)) switch
            {
                (true, true) => throw CommandFailure.Usage("--json prints one document; it does not go with --watch"),
                (true, _) => JsonAsync(context, place, cancel),
                (_, true) => WatchAsync(context, place, cancel),
                _ => OnceAsync(context, place, cancel),
            };
        });
        return command;
    }

    private static async Task<int> JsonAsync(CommandContext context, Place place, CancellationToken cancel)
    {
        context.Terminal.Out(JsonSerializer.Serialize(await AskAsync(context, place, cancel), ControlJson.Default.StatusReport));
        return ExitCodes.Done;
    }

    private static async Task<int> OnceAsync(CommandContext context, Place place, CancellationToken cancel)
    {
        foreach (var line in StatusLines.Of(await AskAsync(context, place, cancel), context.Time.GetUtcNow(), context.Terminal.OutStyle))
            context.Terminal.Out(line);
        return ExitCodes.Done;
    }

    private static async Task<int> WatchAsync(CommandContext context, Place place, CancellationToken cancel)
    {
        while (true)
        {
            var lines = StatusLines.Of(await AskAsync(context, place, cancel), context.Time.GetUtcNow(), context.Terminal.OutStyle);
            var screen = string.Join('\n', lines);
            // On a terminal each picture takes the place of the last one; elsewhere they follow one another.
            var readable = Console.IsOutputRedirected
                ? context.Terminal.Out(screen + "\n")
                : context.Terminal.Out("\e[H\e[J" + screen);
            if (!readable)
                return ExitCodes.Done;
            await Task.Delay(Refresh, context.Time, cancel);
        }
    }

    private static async Task<StatusReport> AskAsync(CommandContext context, Place place, CancellationToken cancel)
    {
        StatusReport? report = null;
        await foreach (var next in ControlClient.AskAsync(place, new(ControlProtocol.Version, "status"), cancel, context.Time))
        {
            if (next.Progress is not null)
                context.Terminal.Error(context.Terminal.ErrorStyle.Dim(next.Progress));
            report = next.Status ?? report;
            if (next.Error is not null)
                throw CommandFailure.Failed(next.Error);
        }
        return report ?? throw CommandFailure.Failed("the running Mainstay did not say how it is; is it of another version?");
    }
}
