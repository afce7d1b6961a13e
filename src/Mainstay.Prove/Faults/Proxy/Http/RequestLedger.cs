using System.Collections.Immutable;

namespace Mainstay.Prove.Faults.Proxy.Http;

/// <summary>
/// Which requests reached the upstream, and which of them again: same trace, method and target. An application that asks the same thing twice
/// for one of its own requests looks like a replay; experiments compare with the time before the fault.
/// </summary>
internal sealed class RequestLedger
{
    /// <summary>Kept apart; further targets count as <c>(others)</c>.</summary>
    public const int MostTargets = 1000;

    /// <summary>Requests that are remembered, to recognise a second one: the latest.</summary>
    public const int MostRemembered = 200_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Method, string Target), long> _byTarget = [];
    private readonly HashSet<(string, string, string)> _seen = [];
    private readonly Queue<(string, string, string)> _order = new();
    private long _requests;
    private long _untraced;
    private long _replays;
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
            if (request.Trace.Length == 0)
                _untraced++;
            else if (!Remember((request.Trace, request.Method, request.Target)))
            {
                _replays++;
                _unsafeReplays += request.IsIdempotent ? 0 : 1;
            }
        }
    }

    public RequestCount Read()
    {
        lock (_gate)
        {
            return new(_requests, _untraced, _replays, _unsafeReplays, [.. _byTarget
                .Select(pair => new TargetCount(pair.Key.Method, pair.Key.Target, pair.Value))
                .OrderByDescending(count => count.Requests).ThenBy(count => count.Target, StringComparer.Ordinal)]);
        }
    }

    private bool Remember((string, string, string) key)
    {
        if (!_seen.Add(key))
            return false;
        _order.Enqueue(key);
        if (_order.Count > MostRemembered)
            _seen.Remove(_order.Dequeue());
        return true;
    }
}

/// <param name="Requests">Heads that were passed on to the upstream.</param>
/// <param name="Untraced">Of them, without an id: a replay would not be noticed.</param>
/// <param name="Replays">Of them, seen before.</param>
/// <param name="UnsafeReplays">Of these, of methods that are not idempotent.</param>
internal sealed record RequestCount(long Requests, long Untraced, long Replays, long UnsafeReplays, ImmutableArray<TargetCount> Targets);

internal sealed record TargetCount(string Method, string Target, long Requests);
