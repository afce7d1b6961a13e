using Mainstay.Manifest.Model;

namespace Mainstay.Supervisor.Probing;

/// <summary>Why an answer that says ready does not count.</summary>
/// <param name="Reason">One clause.</param>
/// <param name="Final">Waiting will not change it.</param>
internal readonly record struct Objection(string Reason, bool Final);

/// <summary>Asks a starting replica until it is ready, every 100 ms; sooner while nothing listens yet, which costs the replica nothing.</summary>
internal sealed class StartWatch(TimeProvider time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan RefusedInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>Null: ready. Otherwise why not, once the start timeout is over or an objection is final.</summary>
    /// <param name="object">Asked when the probe answers well: why this still does not count, or null.</param>
    public async Task<string?> UntilReadyAsync(IProbe probe, HealthSpec health, Func<Objection?> @object, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        while (true)
        {
            var answer = await probe.AskAsync(health.Timeout, cancel);
            var objection = answer.Ok ? @object() : new Objection(answer.Reason, Final: false);
            if (objection is not { } open)
                return null;
            if (open.Final)
                return open.Reason;
            if (time.GetElapsedTime(began) >= health.Start)
                return $"not ready within {health.Start.TotalSeconds:0.###} s: {open.Reason}";
            await Task.Delay(answer.Refused ? RefusedInterval : Interval, time, cancel);
        }
    }
}
