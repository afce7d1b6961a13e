using System.Collections.Immutable;
using System.CommandLine;
using Mainstay.Cli.Proving;
using Mainstay.Cli.Showing;
using Mainstay.Cli.State;
using Mainstay.Prove.Recording;

namespace Mainstay.Cli.Commands;

internal static class ProveCommand
{
    private static readonly TimeSpan DefaultBudget = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LeastBudget = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostBudget = TimeSpan.FromDays(1);

    public static Command Create(CommandContext context)
    {
        var path = CommandContext.Path();
        var only = new Option<string?>("--only") { Description = "Only these experiments, separated by commas", HelpName = "NAME,…" };
        var budget = new Option<string?>("--budget") { Description = "How long everything may take (default 10m)", HelpName = "DURATION" };
        var report = new Option<string?>("--report") { Description = "Write the report and all that was recorded into this folder", HelpName = "DIR" };
        var allow = new Option<string[]>("--allow") { Description = "A dependency that may be broken although it is not on this machine", HelpName = "DEPENDENCY" };
        var seed = new Option<string?>("--seed") { Description = "Of all chance (default 1)", HelpName = "N" };
        var judge = new Option<string?>("--judge") { Description = "Run nothing: judge again what a report's folder holds", HelpName = "DIR" };
        var import = new Option<string?>("--import") { Description = "Run nothing: make a Chaos Toolkit experiment one of your own", HelpName = "FILE" };
        var command = new Command("prove", "Break a copy of the application on purpose, and report with evidence what holds") { path, only, budget, report, allow, seed, judge, import };
        command.SetAction((parsed, cancel) => parsed.GetValue(judge) is { } folder
            ? Task.FromResult(JudgeAgain(context, folder))
            : parsed.GetValue(import) is { } foreign
            ? Task.FromResult(new ImportSession(context.PlaceOf(parsed, path), context.Terminal).Run(System.IO.Path.GetFullPath(foreign)))
            : RunAsync(context, new(
                context.PlaceOf(parsed, path),
                NamesOf(parsed.GetValue(only)),
                BudgetOf(parsed.GetValue(budget)),
                parsed.GetValue(report) is { } into ? System.IO.Path.GetFullPath(into) : null,
                [.. parsed.GetValue(allow) ?? []],
                Seeds.Of(parsed.GetValue(seed))), cancel));
        return command;
    }

    private static Task<int> RunAsync(CommandContext context, ProveRequest request, CancellationToken cancel) => Interruptible.RunAsync(
        context,
        "mainstay prove: undoing what was broken, and stopping",
        "prove was interrupted; what it had broken is mended, and nothing of it runs any more",
        stop => new ProveSession(request, context.Terminal, context.Time).RunAsync(stop),
        cancel);

    private static int JudgeAgain(CommandContext context, string folder)
    {
        try
        {
            return new Verdicting(context.Terminal).Conclude(Verdicting.Report(System.IO.Path.GetFileName(folder), HistoryFolder.Load(folder), [], default));
        }
        catch (FormatException damaged)
        {
            throw CommandFailure.Usage(damaged.Message);
        }
    }

    private static ImmutableArray<string> NamesOf(string? text) =>
        text is null ? []
        : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } names ? [.. names]
        : throw CommandFailure.Usage("--only names no experiment; write names, separated by commas, or leave it out");

    private static TimeSpan BudgetOf(string? text) => text is null ? DefaultBudget
        : Durations.Parse(text) is { } budget && budget >= LeastBudget && budget <= MostBudget ? budget
        : throw CommandFailure.Usage($"--budget '{text}' is not a duration from 1s to 24h, such as 10m");
}
