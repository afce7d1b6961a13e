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

    /// <summary>Runs until the replica must be replaced, for the reason returned, or until cancelled.</summary>
    /// <param name="readiness">Told a reason when readiness is lost, null when it is regained.</param>
    /// <param name="isGone">Asked when readiness fails: whether the process that listened has vanished, which no probe can heal.</param>
    public async Task<string> UntilDeadAsync(Action<string?> readiness, Func<bool> isGone, CancellationToken cancel)
    {
        while (true)
        {
            var now = health();
            await Task.Delay(now.Interval, time, cancel);
            var ready = await probes.Ready.AskAsync(now.Timeout, cancel);
            if (Count(ref _unready, ready.Ok, now.Failures) is { } change)
                readiness(change ? ready.Reason : null);
            if (probes.Live is null)
            {
                if (_unready >= now.Failures && isGone())
                    return "the process that listened is gone";
                continue;
            }
            var live = ReferenceEquals(probes.Live, probes.Ready) ? ready : await probes.Live.AskAsync(now.Timeout, cancel);
            if (Count(ref _dead, live.Ok, now.Failures) == true)
                return $"not alive: {live.Reason}, {now.Failures} times in a row";
        }
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
