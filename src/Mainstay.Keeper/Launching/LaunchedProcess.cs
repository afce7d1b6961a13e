using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Output;

namespace Mainstay.Keeper.Launching;

/// <summary>A process group of ours with its two output streams.</summary>
internal sealed class LaunchedProcess : IProcess
{
    /// <summary>How long output is read after the leader's end while something else holds it open.</summary>
    private static readonly TimeSpan LastOutput = TimeSpan.FromSeconds(1);

    private readonly TaskCompletionSource<ExitStatus> _reaped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ChildProcess _leader;
    private readonly OutputPump _pump;
    private readonly OutputStream[] _streams;
    private readonly TimeProvider _time;

    public LaunchedProcess(ChildProcess leader, OutputPump pump, OutputStream[] streams, TimeProvider time)
    {
        (_leader, _pump, _streams, _time) = (leader, pump, streams, time);
        Exited = FinishAsync();
    }

    public int Pid => _leader.Pid;

    public Task<ExitStatus> Exited { get; }

    public void Signal(int signal) => _leader.Signal(signal);

    /// <summary>Nobody comes after this process who could read it.</summary>
    public void Label(ReadOnlySpan<byte> label)
    {
    }

    public void OnReaped(ExitStatus status) => _reaped.TrySetResult(status);

    private async Task<ExitStatus> FinishAsync()
    {
        var status = await _reaped.Task;
        var read = Task.WhenAll(_streams.Select(stream => stream.Ended));
        try
        {
            await read.WaitAsync(LastOutput, _time);
        }
        catch (TimeoutException)
        {
            foreach (var stream in _streams)
                _pump.Abandon(stream);
            await read;
        }

        return status;
    }
}
