using System.CommandLine;
using System.Globalization;
using Mainstay.Cli.Composition;
using Mainstay.Cli.State;

namespace Mainstay.Cli.Commands;

internal static class UpCommand
{
    public static Command Create(CommandContext context)
    {
        var path = CommandContext.Path();
        var build = new Option<bool>("--build") { Description = "Build services even if they have a release already" };
        var replicas = new Option<string?>("--replicas") { Description = "With -- COMMAND: how many copies to run (default 1)", HelpName = "N" };
        var command = new Command("up", "Run the manifest in the foreground. Without one: mainstay up [--replicas N] -- COMMAND…") { path, build, replicas };
        command.SetAction((parsed, _) => context.Up(Read(context, parsed, path, build, replicas)));
        return command;
    }

    private static UpRequest Read(CommandContext context, ParseResult parsed, Argument<string?> path, Option<bool> build, Option<string?> replicas)
    {
        var count = ReplicasOf(parsed.GetValue(replicas));
        if (context.Command is null)
        {
            return count is null
                ? new(context.PlaceOf(parsed, path), parsed.GetValue(build), null, 1)
                : throw CommandFailure.Usage("--replicas goes with a command after '--'; a manifest says 'replicas' itself");
        }
        if (context.Command.Count == 0)
            throw CommandFailure.Usage("there is no command after '--'; for example: mainstay up -- node server.js");
        if (parsed.GetValue(path) is { } named)
            throw CommandFailure.Usage($"'up' runs a manifest or the command after '--', not both; leave out '{named}'");
        if (parsed.GetValue(context.Manifest) is not null || parsed.GetValue(build))
            throw CommandFailure.Usage($"{(parsed.GetValue(build) ? "--build" : "--manifest")} goes with a manifest, not with a command after '--'");
        return new(Place.Of(null), false, context.Command, count ?? 1);
    }

    private static int? ReplicasOf(string? text) => text is null
        ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 1000
            ? count
            : throw CommandFailure.Usage($"--replicas '{text}' is not a number from 1 to 1000");
}
