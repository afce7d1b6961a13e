using Mainstay.Contracts.Control;
using Mainstay.Contracts.Launching;
using Mainstay.Supervisor.Restarting;

namespace Mainstay.Supervisor.Rollout;

/// <summary>Runs a command of a rollout, <c>build</c> or <c>before</c>, to its end; its output is shown.</summary>
internal sealed class CommandStep(ILauncher launcher)
{
    /// <summary>Throws a <see cref="RolloutException"/> unless the command succeeds. Cancelled, the command's whole group is killed first.</summary>
    public async Task RunAsync(string step, Func<LaunchSpec> plan, IProgress progress, CancellationToken cancel)
    {
        var sink = new StepSink(progress);
        IProcess process;
        try
        {
            process = await launcher.LaunchAsync(plan(), sink, cancel);
        }
        catch (LaunchException failure)
        {
            throw new RolloutException($"{step}: {failure.Message}");
        }
        await using var kill = cancel.Register(() => process.Signal(Signals.Kill));
        var status = await process.Exited;
        cancel.ThrowIfCancellationRequested();
        if (!status.Succeeded)
            throw new RolloutException($"{step} {status}", sink.Last.Snapshot());
    }

    private sealed class StepSink(IProgress progress) : IOutputSink
    {
        public LastLines Last { get; } = new();

        public void Write(in ProcessLine line)
        {
            Last.Add(line.Text);
            progress.Output(new OutputLine(line.Source, line.At, line.Text, line.IsError));
        }
    }
}
