using Mainstay.Manifest.Model;

namespace Mainstay.Supervisor.Probing;

/// <summary>
/// Watches a replica that was ready once. Readiness lost (so many failures in a row) and regained is told at once; it ends with the reason
/// when the replica is not alive any more. Questions follow one another, they never overlap.
/// </summary>
internal sealed class HealthWatch(Probes probes, Func<HealthSpec> health, TimeProvider time)
{
    private int _unready;
    private int _dead;
    private bool _isBlind;

    /// <summary>Runs until the replica must be replaced, for the reason returned, or until cancelled.</summary>
    /// <param name="readiness">Told a reason when readiness is lost, null when it is regained.</param>
    /// <param name="blindness">Told a reason when the replica cannot be asked any more, for want of descriptors of our own, and null when it can be again; meanwhile it stays as it is.</param>
    /// <param name="isGone">Asked when readiness fails: whether the process that listened has vanished, which no probe can heal.</param>
    public async Task<string> UntilDeadAsync(Action<string?> readiness, Action<string?> blindness, Func<bool> isGone, CancellationToken cancel)
    {
        while (true)
        {
            var now = health();
            await Task.Delay(now.Interval, time, cancel);
            var ready = await probes.Ready.AskAsync(now.Timeout, cancel);
            if (IsBlind(ready, blindness))
                continue;
            if (Count(ref _unready, ready.Ok, now.Failures) is { } change)
                readiness(change ? ready.Reason : null);
            if (probes.Live is null)
            {
                if (_unready >= now.Failures && isGone())
                    return "the process that listened is gone";
                continue;
            }
            var live = ReferenceEquals(probes.Live, probes.Ready) ? ready : await probes.Live.AskAsync(now.Timeout, cancel);
            if (IsBlind(live, blindness))
                continue;
            if (Count(ref _dead, live.Ok, now.Failures) == true)
                return $"not alive: {live.Reason}, {now.Failures} times in a row";
        }
    }

    private bool IsBlind(ProbeResult result, Action<string?> blindness)
    {
        if (result.Unasked != _isBlind)
            blindness(result.Unasked ? result.Reason : null);
        return _isBlind = result.Unasked;
    }

    /// <summary>True: the failure that counts; false: the success that ends it; null: nothing new.</summary>
    private static bool? Count(ref int failures, bool ok, int limit)
    {
        if (!ok)
            return ++failures == limit ? true : null;
        var healed = failures >= limit;
        failures = 0;
        return healed ? false : null;
    }
}
