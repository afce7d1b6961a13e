using System.Collections.Immutable;

namespace Mainstay.Prove.Faults.Proxy.Http;

/// <summary>
/// Which requests reached the upstream, and which of them again: same trace, method and target. An application that asks the same thing twice
/// for one request of a client looks like a replay; <see cref="Learn"/> and <see cref="Watch"/> tell them apart where it matters.
/// </summary>
internal sealed class RequestLedger
{
    /// <summary>Kept apart; further targets count as <c>(others)</c>.</summary>
    public const int MostTargets = 1000;

    /// <summary>Requests that are remembered, to recognise a second one: the latest.</summary>
    public const int MostRemembered = 200_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Method, string Target), long> _byTarget = [];
    private readonly Dictionary<SeenRequest, int> _seen = [];
    private readonly Queue<SeenRequest> _order = new();
    private UsualRepeats _usual = UsualRepeats.None;
    private long _requests;
    private long _replays;
    private long _unsafe;
    private long _traced;
    private long _watched;
    private long _unsafeReplays;

    public void Add(SeenRequest request)
    {
        lock (_gate)
        {
            _requests++;
            var target = (request.Method, request.Target);
            if (!_byTarget.ContainsKey(target) && _byTarget.Count >= MostTargets)
                target = (request.Method, "(others)");
            _byTarget[target] = _byTarget.GetValueOrDefault(target) + 1;
            _unsafe += request.IsIdempotent ? 0 : 1;
            if (request.Trace.Length == 0)
                return;
            var times = TimesNeedsLock(request);
            _replays += times > 1 ? 1 : 0;
            if (request.IsIdempotent)
                return;
            _traced++;
            _watched++;
            _unsafeReplays += times > _usual.Of(request) ? 1 : 0;
        }
    }

    /// <summary>Begins anew with what is not idempotent: what is repeated from here on is usual.</summary>
    public void Learn()
    {
        lock (_gate)
        {
            _seen.Clear();
            _order.Clear();
            _usual = UsualRepeats.None;
            _unsafe = _traced = _watched = _unsafeReplays = 0;
        }
    }

    /// <summary>From here on what is asked more often than is usual is a replay.</summary>
    public void Watch()
    {
        lock (_gate)
        {
            _usual = new([.. _seen.Where(pair => !pair.Key.IsIdempotent).Select(pair => (pair.Key, pair.Value))]);
            _watched = _unsafeReplays = 0;
        }
    }

    public RequestCount Read()
    {
        lock (_gate)
        {
            return new(_requests, _replays, new(_unsafe, _traced, _watched, _unsafeReplays, _usual.Exceptions), [.. _byTarget
                .Select(pair => new TargetCount(pair.Key.Method, pair.Key.Target, pair.Value))
                .OrderByDescending(count => count.Requests).ThenBy(count => count.Target, StringComparer.Ordinal)]);
        }
    }

    private int TimesNeedsLock(SeenRequest request)
    {
        var times = _seen[request] = _seen.GetValueOrDefault(request) + 1;
        if (times > 1)
            return times;
        _order.Enqueue(request);
        if (_order.Count > MostRemembered)
            _seen.Remove(_order.Dequeue());
        return times;
    }
}

/// <param name="Requests">Heads that were passed on to the upstream.</param>
/// <param name="Replays">Of them, seen before; what bears no id is not recognised.</param>
/// <param name="Unsafe">Of them, those that are not idempotent.</param>
/// <param name="Targets">What they asked for, the most frequent first.</param>
internal sealed record RequestCount(long Requests, long Replays, UnsafeCount Unsafe, ImmutableArray<TargetCount> Targets);

/// <summary>Requests that are not idempotent, since it was begun to learn what is usual.</summary>
/// <param name="Requests">All of them.</param>
/// <param name="Traced">Of them, with an id: of others a replay would not be noticed.</param>
/// <param name="Watched">Of these, since replays are watched for.</param>
/// <param name="Replays">Of these, more often than is usual for one request of a client.</param>
/// <param name="Exceptions">The ratio of them that was so before, too.</param>
internal sealed record UnsafeCount(long Requests, long Traced, long Watched, long Replays, double Exceptions);

internal sealed record TargetCount(string Method, string Target, long Requests);
