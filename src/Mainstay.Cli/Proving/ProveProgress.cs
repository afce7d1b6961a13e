using Mainstay.Cli.Showing;
using Mainstay.Cli.Terminal;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts;

namespace Mainstay.Cli.Proving;

/// <summary>Says before it starts what will be done, to what and for how long; then how it goes.</summary>
internal sealed class ProveProgress(ITerminal terminal) : IProveProgress
{
    public void Announce(ProvePlan plan, Scope scope, IReadOnlyList<LeftOut> leftOut)
    {
        var style = terminal.OutStyle;
        terminal.Out($"{style.Bold("mainstay prove")} {scope.Manifest.Name}: {Counted.Of(plan.Runs.Length, "experiment")} in about {Said(plan.Length)}, on a copy with ports and state of its own");
        if (!scope.Sent.IsEmpty)
            terminal.Out($"  load  {string.Join(", ", scope.Sent.Select(exercised => exercised.Stream.Name))}{(Exercises.OnlyReads(scope.Sent) ? "" : " (what the manifest's `exercise` says)")}");
        foreach (var run in plan.Runs)
            terminal.Out($"  {run.Title,-30} {run.Experiment.Does(run.Subject)}, {run.Length.TotalSeconds:0} s");
        foreach (var run in plan.Left)
            terminal.Out(style.Dim($"  {run.Title,-30} not run: the budget does not allow {run.Length.TotalSeconds:0} s more"));
        foreach (var left in leftOut)
            terminal.Out(style.Dim($"  {left.What,-30} not run: {left.Reason}"));
    }

    public void Measured(LoadLevel level) =>
        terminal.Out(terminal.OutStyle.Dim($"ready; it bears at least {level.Bearable:0} requests/s; the ordinary load is {level.PerSecond:0.#}/s"));

    public void Begins(PlannedRun run, int number, int of) => terminal.Out(terminal.OutStyle.Dim($"[{number}/{of}] {run.Title} …"));

    public void LeftOut(PlannedRun run, string why) => terminal.Out(terminal.OutStyle.Dim($"      not run: {why}"));

    public void Ended(PlannedRun run, History history)
    {
        var judgement = Judge.Of(history);
        terminal.Out($"      {Verdicting.Word(judgement.Verdict, terminal.OutStyle)}  {judgement.Deciding.Reason}");
    }

    private static string Said(TimeSpan time) => time.TotalSeconds < 100 ? $"{time.TotalSeconds:0} s" : $"{time.TotalMinutes:0.#} min";
}
