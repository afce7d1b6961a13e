using System.Collections.Concurrent;
using Mainstay.Contracts.Control;
using Mainstay.Manifest.Model;
using Mainstay.Prove.Experiments.Labs;
using Mainstay.Prove.Experiments.Running;

namespace Mainstay.Prove.Experiments.Observing;

/// <summary>Watches application and machine while an experiment runs, and records what happens to them.</summary>
internal sealed class Observation : IAsyncDisposable
{
    /// <summary>A core that starts, or a replica that is back, is seen this much later at most.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(60);

    private readonly IApplication _application;
    private readonly Recorder _recorder;
    private readonly ReplicaWatch _replicas;
    private readonly SpokenWatch _spoken = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _watching;
    private volatile StatusReport? _latest;
    private int? _core;

    public Observation(IApplication application, ManifestSpec manifest, Recorder recorder)
    {
        (_application, _recorder, _replicas) = (application, recorder, new(manifest));
        _core = application.CorePid;
        application.Said = _lines.Enqueue;
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>Null until it has been seen.</summary>
    public StatusReport? Latest => _latest;

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _watching;
        _application.Said = null;
        _ended.Dispose();
    }

    private async Task WatchAsync()
    {
        var machine = new MachineWatch();
        var second = _recorder.Now;
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                if (await _application.StatusAsync(_ended.Token) is { } status)
                {
                    foreach (var happening in _replicas.Next(_recorder.Now, status))
                        _recorder.Add(happening);
                    _latest = status;
                }
                Listen();
                LookAtCore();
                if (_recorder.Now - second >= 1_000_000)
                {
                    _recorder.Add(machine.Next(second));
                    second = _recorder.Now;
                }
                await Task.Delay(Interval, _recorder.Time, _ended.Token);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }
        Listen();
    }

    private void Listen()
    {
        while (_lines.TryDequeue(out var line))
        {
            if (_spoken.Next(_recorder.Now, line) is { } happening)
                _recorder.Add(happening);
        }
    }

    private void LookAtCore()
    {
        if (_application.CorePid is not { } core || core == _core)
            return;
        _core = core;
        _recorder.Happened(Recording.Happening.Kinds.CoreStarted, "mainstay", $"another core runs, pid {core}", ("pid", core));
    }
}
