using Mainstay.Prove.Faults.Proxy;
using Mainstay.Prove.Faults.Proxy.Http;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments.Running;

/// <summary>
/// Whether requests that are not idempotent reach dependencies again while something is broken. Only ids that are passed on show it, and an application
/// may repeat itself without a fault; both are found out before it.
/// </summary>
internal sealed class ReplayWatch
{
    private const string Number = "unsafe_replays";

    /// <summary>So many times as often as before is more than chance.</summary>
    private const double Clearly = 3;

    private readonly Course _course;
    private readonly string _text;
    private readonly List<(string Name, FaultProxy Proxy)> _watched;
    private readonly Dictionary<string, long> _told = [];
    private bool _begun;

    /// <summary>Before the load starts.</summary>
    /// <param name="course">Its proxies and its record.</param>
    /// <param name="text">What is promised.</param>
    /// <param name="concerns">Dependencies; those that no POST or PATCH of the load uses are left out.</param>
    public ReplayWatch(Course course, string text, Func<string, bool> concerns)
    {
        (_course, _text) = (course, text);
        _watched = [.. course.Bench.Proxies.Where(pair => concerns(pair.Key) && course.Scope.Sent.Any(exercised =>
            exercised.Stream.Method is "POST" or "PATCH" && exercised.Stream.Uses.Contains(pair.Key))).Select(pair => (pair.Key, pair.Value))];
        foreach (var (_, proxy) in _watched)
            proxy.Ledger.Learn();
    }

    /// <summary>The fault is about to begin. Promises something only where requests can be told apart. The first time counts.</summary>
    public void Begin()
    {
        if (_begun)
            return;
        _begun = true;
        foreach (var unheard in _watched.Where(one => one.Proxy.Ledger.Read().Requests == 0).ToList())
        {
            _watched.Remove(unheard);
            _course.Recorder.Happened(Kinds.DependencyCalls, unheard.Name, $"no HTTP/1 has reached {unheard.Name}: what is sent to it again cannot be noticed");
        }
        foreach (var (_, proxy) in _watched)
            proxy.Ledger.Watch();
        if (_watched.Count > 0)
            _course.Recorder.Expect(NumberAtMost.Expect(_text, Origin.Default, Kinds.DependencyCalls, Number, 0, sum: true));
    }

    /// <summary>A stretch of the fault is over: records what was replayed in it.</summary>
    public void Tell()
    {
        foreach (var (name, proxy) in _watched)
        {
            var count = proxy.Ledger.Read().Unsafe;
            var (replays, text) = Reading(name, count, _told.GetValueOrDefault(name));
            _told[name] = count.Replays;
            _course.Recorder.Happened(Kinds.DependencyCalls, name, text, (Number, replays));
        }
    }

    /// <param name="dependency">Its name.</param>
    /// <param name="count">Until now.</param>
    /// <param name="told">Replays that were told of before.</param>
    /// <returns>Replays, no number if they cannot be told; what was counted, or why it could not be.</returns>
    internal static (double Replays, string Text) Reading(string dependency, UnsafeCount count, long told)
    {
        if (count is { Requests: > 0, Traced: 0 })
        {
            return (double.NaN, $"none of {count.Requests} requests to {dependency} that are not idempotent carried the id of the client's request "
                + "(X-Request-Id or traceparent); pass it on, so that one that is sent again can be noticed");
        }
        var replays = count.Replays - told;
        return replays > 0 && count.Exceptions > 0 && count.Replays <= Clearly * (1 + (count.Exceptions * count.Watched))
            ? (double.NaN, $"{replays} requests that are not idempotent reached {dependency} again, but some did before anything was broken, too")
            : (replays, $"{replays} of {count.Traced} requests that are not idempotent reached {dependency} again");
    }
}
