using System.Collections.Immutable;
using System.Net;
using Mainstay.Prove.Experiments.Labs;
using Mainstay.Prove.Faults.Processes;
using Mainstay.Prove.Load;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Storms.Contenders;
using Mainstay.Prove.Storms.Counting;

namespace Mainstay.Prove.Storms;

/// <summary>One contender in the storm. <see cref="Seconds"/> and <see cref="Acts"/> can be asked for meanwhile, from any thread.</summary>
/// <param name="contender">Has been made, not started.</param>
/// <param name="ground">The contender's.</param>
/// <param name="dependency">The contender's.</param>
/// <param name="guard">Lets frozen processes go on.</param>
internal sealed class StormRun(IContender contender, Ground ground, StormDependency dependency, UndoGuard guard)
{
    /// <summary>The same requests without a fault, before anything is counted.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(4);

    /// <summary>Until all that was due in a second has an end, in seconds.</summary>
    private static readonly double Settling = StormLoad.Patience.TotalSeconds + 0.2;

    private readonly Lock _gate = new();
    private readonly List<ActEvidence> _acts = [];
    private readonly SampleLog _samples = new();
    private readonly RecordingClock _clock = new(ground.Time);
    private StormWindow _window;
    private ImmutableArray<StormSecond> _settled = [];
    private bool _isOver;
    private IPEndPoint? _edge;

    public string Name => contender.Name;

    /// <summary>Seconds since the storm's beginning; negative before.</summary>
    public double Now
    {
        get
        {
            lock (_gate)
                return _window.Seconds == 0 ? -1 : (_clock.Now - _window.Start) / 1e6;
        }
    }

    public ImmutableArray<ActEvidence> Acts
    {
        get
        {
            lock (_gate)
                return [.. _acts];
        }
    }

    /// <summary>Those of which all is known.</summary>
    public ImmutableArray<StormSecond> Seconds
    {
        get
        {
            StormWindow window;
            lock (_gate)
            {
                var settled = _isOver ? _window.Seconds : Math.Clamp((int)Math.Floor(Now - Settling), 0, _window.Seconds);
                if (settled == _settled.Length)
                    return _settled;
                window = _window with { Seconds = settled };
            }
            var seconds = StormCount.Of(_samples.Samples(), StormLoad.Streams, window);
            lock (_gate)
                return _settled = seconds;
        }
    }

    /// <summary>Everything runs, and serves.</summary>
    public async Task StartAsync(CancellationToken cancel) => _edge = await contender.StartAsync(cancel);

    /// <summary>The storm, from the calm before it to its end.</summary>
    public async Task<StormResult> RunAsync(Storm storm, ulong seed, CancellationToken cancel)
    {
        await using var load = await LoadRun.StartAsync(StormLoad.PlanFor(LoadTarget.Of(_edge!), seed), _clock, _samples);
        await Task.Delay(Before, ground.Time, cancel);
        lock (_gate)
            _window = new(_clock.Now, storm.Seconds);
        var stage = new StormStage(contender, dependency, guard, new Random(unchecked((int)seed)), ground.Time);
        var playing = new List<Task>();
        try
        {
            foreach (var act in storm.Acts)
            {
                await UntilAsync(act.At, cancel);
                // A deploy that takes its time delays nothing: the storm is the same for all.
                playing.Add(PlayAsync(act, stage, load, cancel));
            }
            await UntilAsync(storm.Length, cancel);
            await load.StopAsync(StormLoad.Patience);
            lock (_gate)
                _isOver = true;
        }
        finally
        {
            await Task.WhenAll(playing);
        }
        return new(Name, StormCount.Of(_samples.Samples(), StormLoad.Streams, _window), Acts, OrderCount.OfFolder(ground.Orders), load.LagP99);
    }

    private async Task PlayAsync(StormAct act, StormStage stage, LoadRun load, CancellationToken cancel)
    {
        var from = Now;
        (string What, bool Bit) seen;
        try
        {
            seen = act.Kind == ActKind.Overload ? await OverloadAsync(act, load, cancel) : await stage.PlayAsync(act, cancel);
        }
        catch (LabException failed)
        {
            seen = (failed.Message, false);
        }
        lock (_gate)
            _acts.Add(new(act, from, Now, seen.What, seen.Bit));
    }

    private async Task<(string What, bool Bit)> OverloadAsync(StormAct act, LoadRun load, CancellationToken cancel)
    {
        lock (_gate)
            _window = _window with { OverloadFrom = _clock.Now };
        load.SetRate(StormLoad.PerSecond * StormLoad.Times);
        await Task.Delay(act.Lasting, ground.Time, cancel);
        load.SetRate(StormLoad.PerSecond);
        // The load hears of it within 10 ms.
        lock (_gate)
            _window = _window with { OverloadTo = _clock.Now + 20_000 };
        return ($"{StormLoad.PerSecond * StormLoad.Times:0} requests/s instead of {StormLoad.PerSecond:0}", true);
    }

    private async Task UntilAsync(TimeSpan at, CancellationToken cancel)
    {
        var left = at - TimeSpan.FromSeconds(Now);
        if (left > TimeSpan.Zero)
            await Task.Delay(left, ground.Time, cancel);
    }
}
