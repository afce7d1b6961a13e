using System.Collections.Immutable;
using System.CommandLine;
using Mainstay.Cli.Demo;
using Mainstay.Cli.Showing;
using Mainstay.Cli.State;
using Mainstay.Prove.Storms;

namespace Mainstay.Cli.Commands;

/// <summary>A storm on an app of Mainstay's own, beside what one would use otherwise.</summary>
internal static class DemoCommand
{
    private static readonly TimeSpan DefaultLength = TimeSpan.FromSeconds(60);

    public static Command Create(CommandContext context)
    {
        var length = new Option<string?>("--length") { Description = "How long the storm takes (default 60s)", HelpName = "DURATION" };
        var contenders = new Option<string?>("--contenders")
        {
            Description = "Who takes part: mainstay, nginx (with a restart loop), pm2 (with nginx), loop (alone); default: mainstay and what is installed",
            HelpName = "NAME,…",
        };
        var inTurn = new Option<bool>("--in-turn") { Description = "One contender after the other instead of side by side: none shares the machine" };
        var seed = new Option<string?>("--seed") { Description = "Of all chance (default 1)", HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "One JSON document" };
        var command = new Command("demo", "Put an app of Mainstay's own through a storm of faults, side by side with a plain proxy, and count the good seconds")
        {
            length, contenders, inTurn, seed, json,
        };
        command.SetAction((parsed, cancel) =>
        {
            var request = new DemoRequest(
                LengthOf(parsed.GetValue(length)),
                NamesOf(parsed.GetValue(contenders)),
                parsed.GetValue(inTurn),
                Seeds.Of(parsed.GetValue(seed)),
                parsed.GetValue(json));
            return Interruptible.RunAsync(
                context,
                "mainstay demo: stopping",
                "the demo was interrupted; nothing of it runs any more",
                stop => new DemoSession(request, context.Terminal, context.Time).RunAsync(stop),
                cancel);
        });
        return command;
    }

    private static TimeSpan LengthOf(string? text) => text is null ? DefaultLength
        : Durations.Parse(text) is { } length && length >= Storm.Shortest && length <= Storm.Longest ? length
        : throw CommandFailure.Usage($"--length '{text}' is not a duration from {Storm.Shortest.TotalSeconds:0}s to {Storm.Longest.TotalMinutes:0}m, such as 60s");

    private static ImmutableArray<string> NamesOf(string? text)
    {
        ImmutableArray<string> names = text is null ? [] : [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()];
        return names.FirstOrDefault(name => !Line.Known.Contains(name)) is { } unknown
            ? throw CommandFailure.Usage($"--contenders: there is no '{unknown}'; there are: {string.Join(", ", Line.Known)}")
            : names;
    }
}
