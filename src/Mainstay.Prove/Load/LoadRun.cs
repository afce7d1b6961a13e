using Mainstay.Prove.Load.Http1;
using Mainstay.Prove.Load.Http2;
using Mainstay.Prove.Load.Platform;
using Mainstay.Prove.Load.Scheduling;
using Mainstay.Prove.Load.WarmingUp;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Load;

/// <summary>
/// An open-loop load under way: requests are sent when they are due, whatever became of earlier ones. All members can be called from any thread.
/// Disposing it stops it at once.
/// </summary>
internal sealed class LoadRun : IAsyncDisposable
{
    private readonly LoadLoop _loop;
    private readonly LoadRecorder _recorder;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LoadRun(LoadPlan plan, RecordingClock clock, ISampleSink sink)
    {
        _recorder = new(plan, clock, sink);
        _loop = new(_recorder, recorder => plan.Http2 ? new Http2Carrier(recorder) : new Http1Carrier(recorder));
    }

    /// <summary>Ends when the load is over and nothing is out any more; then the sink hears nothing more, either.</summary>
    public Task Completion => _completion.Task;

    /// <summary>All seconds that are over.</summary>
    public LoadWindow[] Windows => _recorder.Windows;

    /// <summary>The last second that is over; null before.</summary>
    public LoadWindow? LastWindow => _recorder.LastWindow;

    /// <summary>
    /// Seconds that the generator itself was late with 99 % of the requests, at most, once the load is over. Waiting for a connection is not
    /// counted: that is the server's doing, or the limit's.
    /// </summary>
    /// <exception cref="InvalidOperationException">The load goes on.</exception>
    public double LagP99 => Completion.IsCompleted ? _recorder.LagP99 : throw new InvalidOperationException("the load goes on");

    /// <summary>Processor time of the load's own thread, once it is over; with HTTP/2 that of the whole process meanwhile.</summary>
    public TimeSpan ProcessorTime { get; private set; }

    /// <summary>The generator's own code is warm when the first request is due.</summary>
    /// <param name="plan">What to send.</param>
    /// <param name="clock">Of the history that the samples are for.</param>
    /// <param name="sink">Called by the load's own thread.</param>
    /// <exception cref="ArgumentException">The plan cannot be carried out.</exception>
    /// <exception cref="PlatformNotSupportedException">Not on Linux.</exception>
    public static async Task<LoadRun> StartAsync(LoadPlan plan, RecordingClock clock, ISampleSink sink)
    {
        LoadPlanCheck.Check(plan);
        await OwnWarmUp.DoneAsync();
        return Start(plan, clock, sink);
    }

    /// <summary>As it is, without warming up.</summary>
    internal static LoadRun Start(LoadPlan plan, RecordingClock clock, ISampleSink sink)
    {
        var run = new LoadRun(plan, clock, sink);
        new Thread(run.Run) { IsBackground = true, Name = "load" }.Start();
        return run;
    }

    /// <summary>Another rate, within 10 ms, shared by weight among the streams that have none of their own.</summary>
    public void SetRate(double perSecond) => SetPace(Pace.Constant(perSecond));

    /// <summary>Another pace, from its beginning, for the streams that have no rate of their own.</summary>
    public void SetPace(Pace pace) => _loop.Wish(new LoadWish.Follow(pace));

    /// <summary>A rate of its own for one stream, within 10 ms; the others stay as they are.</summary>
    public void SetRate(int stream, double perSecond)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(stream);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(stream, _recorder.Plan.Streams.Length);
        if (!(perSecond is >= 0 and <= Pace.HighestRate))
            throw new ArgumentOutOfRangeException(nameof(perSecond));
        _loop.Wish(new LoadWish.Rate(stream, perSecond));
    }

    /// <summary>No more requests. Returns when those that are out have ended; what is still out after <paramref name="drain"/> is cut.</summary>
    public Task StopAsync(TimeSpan drain)
    {
        _loop.Wish(new LoadWish.Stop(drain));
        return Completion;
    }

    public async ValueTask DisposeAsync() => await StopAsync(TimeSpan.Zero);

    private TimeSpan ProcessorClock => _recorder.Plan.Http2 ? Environment.CpuUsage.TotalTime : ThreadClock.Now;

    private void Run()
    {
        try
        {
            var before = ProcessorClock;
            _loop.Run();
            ProcessorTime = ProcessorClock - before;
            _completion.SetResult();
        }
        catch (Exception failed)
        {
            _completion.SetException(failed);
        }
    }
}
