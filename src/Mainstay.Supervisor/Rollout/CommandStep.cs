using Mainstay.Contracts.Control;
using Mainstay.Supervisor.Launching;
using Mainstay.Supervisor.Restarting;

namespace Mainstay.Supervisor.Rollout;

/// <summary>Runs a command of a rollout, <c>build</c> or <c>before</c>, to its end; its output is shown.</summary>
internal sealed class CommandStep(ILauncher launcher, TimeProvider time)
{
    /// <summary>Throws a <see cref="RolloutException"/> unless the command succeeds. Cancelled, the command's whole group is killed first.</summary>
    public async Task RunAsync(string step, Func<LaunchSpec> plan, IProgress progress, CancellationToken cancel)
    {
        var sink = new StepSink(progress, time);
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

    private sealed class StepSink(IProgress progress, TimeProvider time) : IOutputSink
    {
        public LastLines Last { get; } = new();

        public void Write(string source, string line, bool isError)
        {
            Last.Add(line);
            progress.Output(new OutputLine(source, time.GetUtcNow(), line, isError));
        }
    }
}
