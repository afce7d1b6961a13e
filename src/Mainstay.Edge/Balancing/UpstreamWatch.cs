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

    /// <summary>With those that are to show whether an upstream is silent; seconds.</summary>
    private const double LeastPatience = 0.25;

    /// <summary>A client that sends for longer lends its place; seconds.</summary>
    private const double SlowUpload = 0.1;

    private readonly Func<IEnumerable<UpstreamSet>> _sets;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ITimer _timer;
    private readonly List<(Flight Flight, long Turn, double Began)> _waiting = [];
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
        {
            // What was overtaken is gone, but nobody has asked yet why.
            busy |= upstream.InFlight > 0 || (serving.Length > 1 && IsLeftSilent(upstream) && double.IsPositiveInfinity(upstream.SuspectedSince));
            if (upstream.InFlight > 0)
                LookForSlowUploads(upstream, now);
        }
        if (!busy || serving.Length < 2)
            return busy;
        foreach (var upstream in serving)
        {
            if (upstream.InFlight > 0 || IsLeftSilent(upstream))
                LookForSilence(set, serving, upstream, now);
            // One that is still warming up is slow for a good reason, and gets less as it is.
            if (!upstream.IsEjected && upstream.Weight(now) >= 1)
                LookForSlowness(set, serving, upstream, now);
        }
        return true;
    }

    private static bool IsLeftSilent(Upstream upstream) => !double.IsPositiveInfinity(upstream.OvertakenSince);

    /// <summary>What clients are slow to send keeps nobody else from the service.</summary>
    private void LookForSlowUploads(Upstream upstream, double now)
    {
        _waiting.Clear();
        upstream.Uploading(now - SlowUpload, _waiting);
        foreach (var uploading in _waiting)
            uploading.Flight.LendPlace(uploading.Turn);
        _waiting.Clear();
    }

    private void LookForSilence(UpstreamSet set, ReadOnlySpan<Upstream> serving, Upstream upstream, double now)
    {
        double peersP99 = double.NaN, peersAnswered = double.NegativeInfinity;
        foreach (var peer in serving)
        {
            if (peer == upstream || peer.IsEjected)
                continue;
            peersAnswered = Math.Max(peersAnswered, peer.Answered);
            peersP99 = double.MaxNumber(peersP99, peer.Quantile(0.99, now, samples: 1));
        }
        // One that is always slow is not silent, if the others have nothing to do or are quick at something else.
        var usual = double.MaxNumber(upstream.Quantile(0.99, now, samples: 1), peersP99);
        var limit = EjectionPolicy.SilenceLimit(usual);
        var several = !upstream.IsEjected && SeveralWait(serving, upstream, now, peersAnswered, ref limit);
        // Once there is a suspicion, what goes there to confirm or to refute it need not wait as long.
        var patience = several ? LeastPatience : Math.Clamp(1.5 * (double.IsNaN(usual) ? 1 : usual), LeastPatience, limit);
        if (upstream.IsEjected)
        {
            var isSilent = upstream.EjectedFor == EjectionCause.Silence;
            Move(upstream, now - (isSilent ? patience : limit), onlyTrial: !isSilent);
            return;
        }
        var suspectedSince = upstream.SuspectedSince;
        if (upstream.Answered >= suspectedSince)
            upstream.Suspect(suspectedSince = double.PositiveInfinity); // it answers, if perhaps slowly
        _waiting.Clear();
        upstream.Waiting(now - limit, _waiting);
        var oldest = double.PositiveInfinity;
        foreach (var (_, _, began) in _waiting)
            oldest = Math.Min(oldest, began);
        if (upstream.OvertakenSince < Math.Min(oldest, now - limit))
            oldest = upstream.OvertakenSince;
        // What began before its last answer may only be slow, or be what it was at when it stopped.
        var silentSince = Math.Max(oldest, upstream.Answered);
        if (double.IsPositiveInfinity(silentSince) || silentSince > now - limit)
        {
            if (!double.IsPositiveInfinity(suspectedSince))
                upstream.Suspect(double.PositiveInfinity);
            return;
        }
        var isLast = !set.HasPeers(upstream);
        if (!isLast && peersAnswered <= silentSince)
            return; // nobody answers
        if (double.IsPositiveInfinity(suspectedSince))
        {
            upstream.Suspect(now);
            return;
        }
        _waiting.Clear();
        upstream.Waiting(now, _waiting);
        int probes = 0, unanswered = 0;
        var isOverdue = false;
        foreach (var (_, _, began) in _waiting)
        {
            if (began < suspectedSince)
                continue;
            probes++;
            unanswered += began < now - patience ? 1 : 0;
            isOverdue |= began < now - limit;
        }
        // A single one may be what takes long, unless others were overtaken there before.
        var needed = IsLeftSilent(upstream) ? 1 : Upstream.Probes;
        if (probes < needed)
            upstream.Suspect(suspectedSince, needed - probes);
        if (unanswered < needed && !isOverdue)
            return;
        if (isLast)
            set.Relieve(upstream, now);
        else if (set.TryEject(upstream, EjectionCause.Silence, now))
            Move(upstream, now - (several ? 0 : patience));
    }

    /// <summary>
    /// Several that came since its last answer have waited for longer than anything took lately, though one alone might wait until
    /// <paramref name="limit"/>: then that is what is asked for instead. Where answers are quick, both are the same, and one request is enough.
    /// </summary>
    private bool SeveralWait(ReadOnlySpan<Upstream> serving, Upstream upstream, double now, double peersAnswered, ref double limit)
    {
        if (limit <= EjectionPolicy.LeastSilence)
            return false;
        var ofSeveral = EjectionPolicy.SilenceLimitOfSeveral(Longest(serving, upstream, now));
        // Where the peers have stopped answering, too, it is what all of them use that stands still.
        if (!(ofSeveral < limit) || peersAnswered <= now - (ofSeveral / 2))
            return false;
        _waiting.Clear();
        upstream.Waiting(now - ofSeveral, _waiting);
        var count = 0;
        foreach (var waiting in _waiting)
            count += waiting.Began > upstream.Answered ? 1 : 0;
        if (count < EjectionPolicy.Several)
            return false;
        limit = ofSeveral;
        return true;
    }

    /// <summary>What the replica or a peer took lately; NaN where it has hardly begun to answer, or no peer has answered enough.</summary>
    private static double Longest(ReadOnlySpan<Upstream> serving, Upstream upstream, double now)
    {
        var peers = double.NaN;
        foreach (var peer in serving)
        {
            if (peer != upstream && !peer.IsEjected)
                peers = double.MaxNumber(peers, peer.Quantile(1, now, upstream.Ejection.Samples));
        }
        return Math.Max(upstream.Quantile(1, now, upstream.Ejection.Samples), peers);
    }

    /// <summary>Takes what can be made elsewhere off a replica that has been silent since.</summary>
    /// <param name="upstream">It is ejected.</param>
    /// <param name="began">Since when, at least.</param>
    /// <param name="onlyTrial">Of what is under way there only what was to find out whether it is well again.</param>
    private void Move(Upstream upstream, double began, bool onlyTrial = false)
    {
        upstream.Suspect(double.PositiveInfinity);
        if (upstream.Answered >= began)
            return;
        _waiting.Clear();
        upstream.Waiting(began, _waiting);
        foreach (var waiting in _waiting)
        {
            if (!onlyTrial || waiting.Flight.Visit == Visit.Trial)
                waiting.Flight.TryMove(waiting.Turn);
        }
        _waiting.Clear();
    }

    private static void LookForSlowness(UpstreamSet set, ReadOnlySpan<Upstream> serving, Upstream upstream, double now)
    {
        var policy = upstream.Ejection;
        // Otherwise none of its latencies is far above another one.
        if (!(upstream.Quantile(1, now, policy.Samples) >= policy.LatencyExcess))
            return;
        Span<int> its = stackalloc int[LatencyWindow.Counts], peers = stackalloc int[LatencyWindow.Counts];
        if (upstream.Latencies(its, now) < policy.Samples)
            return;
        var isSlower = false;
        foreach (var peer in serving)
        {
            if (peer == upstream || peer.IsEjected || peer.Latencies(peers, now) < policy.Samples)
                continue;
            if (policy.IsMuchSlower(its, peers) is not { } isSlowerThanPeer)
                continue; // too few of both began together
            isSlower = isSlowerThanPeer;
            if (!isSlower)
                return;
        }
        if (isSlower)
            set.TryEject(upstream, EjectionCause.Latency, now);
    }
}
