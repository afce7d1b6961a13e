using FsCheck.Xunit;
using Mainstay.Resilience.Hedging;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.Hedging;

[Properties(Replay = Seed.OfProperties, MaxTest = 300, EndSize = 400)]
public sealed class HedgeDelayPropertyTests
{
    private static readonly double[] Quantiles = [0.5, 0.75, 0.9, 0.95, 0.98];

    /// <param name="Latency">In steps of 0.1 ms, squared: from nothing to minutes.</param>
    /// <param name="Wait">Since the one before.</param>
    public sealed record Sample(byte Latency, byte Wait);

    [Property]
    public bool Grows_with_the_quantile_and_stays_within_what_was_seen(Sample[] samples)
    {
        var delays = Quantiles.Select(quantile => new HedgeDelay(quantile)).ToArray();
        double now = 5, longest = 0;
        foreach (var sample in samples)
        {
            now += sample.Wait / 255.0 * 0.2;
            var latency = Math.Pow(sample.Latency / 20.0, 4) * 0.001;
            longest = Math.Max(longest, latency);
            var last = 0.0;
            foreach (var delay in delays)
            {
                delay.Record(latency, now);
                var seconds = delay.At(now);
                if (double.IsNaN(seconds))
                    continue;
                // A step of the histogram is √2 wide, and its upper edge counts.
                if (seconds < last || seconds < HedgeDelay.Shortest || seconds > Math.Max(HedgeDelay.Shortest, longest * Math.Sqrt(2)) + 1e-9)
                    return false;
                last = seconds;
            }
        }
        return true;
    }
}
