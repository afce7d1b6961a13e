using Mainstay.Resilience.Balancing;
using Microsoft.Extensions.Logging;

namespace Mainstay.Edge.Balancing;

/// <summary>
/// Looks at every busy service ten times a second: ejects replicas that are silent or much slower than their peers, and moves requests off
/// silent ones. Sleeps while nothing is in flight.
/// </summary>
internal sealed class UpstreamWatch : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly Func<IEnumerable<UpstreamSet>> _sets;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ITimer _timer;
    private readonly List<(Flight Flight, long Turn)> _waiting = [];
    private int _looking;
    private volatile bool _awake;

    public UpstreamWatch(Func<IEnumerable<UpstreamSet>> sets, TimeProvider time, ILogger log)
    {
        _sets = sets;
        _time = time;
        _log = log;
        _timer = time.CreateTimer(static watch => ((UpstreamWatch)watch!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Something is in flight.</summary>
    public void Wake()
    {
        if (_awake)
            return;
        _awake = true;
        _timer.Change(Period, Period);
    }

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        if (Interlocked.Exchange(ref _looking, 1) == 1)
            return; // the tick before is not done
        try
        {
            var busy = false;
            foreach (var set in _sets())
                busy |= Look(set, _time.Seconds());
            if (!busy)
                Sleep();
        }
        catch (Exception exception)
        {
            _log.WatchFailed(exception); // a timer has no caller: the next tick tries again
        }
        finally
        {
            Volatile.Write(ref _looking, 0);
        }
    }

    private void Sleep()
    {
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _awake = false;
        foreach (var set in _sets())
        {
            // A flight that began in between saw us awake.
            foreach (var upstream in set.Serving)
            {
                if (upstream.InFlight > 0)
                {
                    Wake();
                    return;
                }
            }
        }
    }

    private bool Look(UpstreamSet set, double now)
    {
        var serving = set.Serving;
        var busy = false;
        foreach (var upstream in serving)
            busy |= upstream.InFlight > 0;
        if (!busy || serving.Length < 2)
            return busy;
        foreach (var upstream in serving)
        {
            if (upstream.InFlight > 0)
                LookForSilence(set, serving, upstream, now);
            if (!upstream.IsEjected)
                LookForSlowness(set, serving, upstream, now);
        }
        return true;
    }

    private void LookForSilence(UpstreamSet set, ReadOnlySpan<Upstream> serving, Upstream upstream, double now)
    {
        double peersP99 = double.NaN, peersAnswered = double.NegativeInfinity;
        foreach (var peer in serving)
        {
            if (peer == upstream || peer.IsEjected)
                continue;
            peersAnswered = Math.Max(peersAnswered, peer.Answered);
            var p99 = peer.Quantile(0.99, now, samples: 1);
            if (!double.IsNaN(p99) && !(p99 < peersP99))
                peersP99 = p99;
        }
        var limit = EjectionPolicy.SilenceLimit(peersP99);
        var isSilent = upstream.IsEjected && upstream.EjectedFor == EjectionCause.Silence;
        // Once it is known to be silent, what still goes there (its trial) need not wait as long.
        var patience = isSilent ? Math.Clamp(3 * (double.IsNaN(peersP99) ? 1 : peersP99), 0.25, limit) : limit;
        _waiting.Clear();
        upstream.Waiting(now - patience, _waiting);
        if (_waiting.Count == 0)
            return;
        var began = _waiting[0].Flight.Began;
        if (upstream.Answered >= began || peersAnswered < began)
            return; // it answers others, or nobody answers
        if (!isSilent && (upstream.IsEjected || !set.TryEject(upstream, EjectionCause.Silence, now)))
            return;
        foreach (var (flight, turn) in _waiting)
            flight.TryMove(turn);
        _waiting.Clear();
    }

    private static void LookForSlowness(UpstreamSet set, ReadOnlySpan<Upstream> serving, Upstream upstream, double now)
    {
        var policy = upstream.Ejection;
        var median = upstream.Quantile(0.5, now, policy.Samples);
        if (double.IsNaN(median) || median < policy.LatencyExcess)
            return;
        var slowestPeer = double.NaN;
        foreach (var peer in serving)
        {
            if (peer == upstream || peer.IsEjected)
                continue;
            var its = peer.Quantile(0.5, now, policy.Samples);
            if (!double.IsNaN(its) && !(its < slowestPeer))
                slowestPeer = its;
        }
        if (policy.IsFarAbove(median, slowestPeer))
            set.TryEject(upstream, EjectionCause.Latency, now);
    }
}
