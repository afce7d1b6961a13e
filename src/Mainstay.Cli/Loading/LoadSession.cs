using System.Text.Json;
using Mainstay.Cli.State;
using Mainstay.Cli.Terminal;
using Mainstay.Prove.Load;
using Mainstay.Prove.Recording;

namespace Mainstay.Cli.Loading;

/// <summary>One run of <c>load</c>: is somebody there, send, show how it goes, sum up.</summary>
internal sealed class LoadSession(ITerminal terminal, TimeProvider time)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    public async Task<int> RunAsync(LoadPlan plan, bool json)
    {
        plan = plan with { Target = await Reach.FindAsync(plan.Target, time) };
        var clock = new RecordingClock(time);
        var summary = new LatencySummary(plan.Streams);
        await using var run = await StartAsync(plan, clock, summary);
        using var interruption = new Interruption();
        await FollowAsync(run, interruption);
        var report = LoadReport.Of(plan, summary.Totals(), run, interruption.HasCome);
        if (json)
        {
            terminal.Out(JsonSerializer.Serialize(report, LoadJson.Default.LoadReport));
        }
        else
        {
            foreach (var line in LoadReportLines.Of(report, terminal.OutStyle))
                terminal.Out(line);
        }
        foreach (var warning in report.Warnings)
            terminal.Error($"{terminal.ErrorStyle.Warn("warning:")} {warning}");
        return ExitCodes.Done;
    }

    private static async Task<LoadRun> StartAsync(LoadPlan plan, RecordingClock clock, ISampleSink sink)
    {
        try
        {
            return await LoadRun.StartAsync(plan, clock, sink);
        }
        catch (Exception wrong) when (wrong is ArgumentException or PlatformNotSupportedException)
        {
            throw CommandFailure.Usage(wrong.Message.Split(" (Parameter")[0]);
        }
    }

    private async Task FollowAsync(LoadRun run, Interruption interruption)
    {
        var progress = new LoadProgress(terminal, rewrites: !Console.IsErrorRedirected);
        while (!run.Completion.IsCompleted && !interruption.HasCome)
        {
            progress.Show(run.Windows);
            await Task.WhenAny(run.Completion, interruption.Come, Task.Delay(Step, time));
        }
        // Answers that are out are not waited for once somebody wants an end.
        if (interruption.HasCome)
            await run.StopAsync(TimeSpan.Zero);
        await run.Completion;
        progress.End();
    }
}
