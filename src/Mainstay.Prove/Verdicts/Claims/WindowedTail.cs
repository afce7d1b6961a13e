using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Statistics;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>The p99 of one window of a phase: a second, or as many as it takes to have 100 requests, so that one request is not the tail.</summary>
/// <param name="From">Microseconds since the history's start.</param>
/// <param name="To">Exclusive.</param>
/// <param name="Seconds">The p99; endless when more than 1 % were never answered.</param>
internal readonly record struct WindowedTail(long From, long To, double Seconds)
{
    /// <summary>Requests that make a window.</summary>
    public const int Least = 100;

    private const long Second = 1_000_000;

    /// <param name="samples">In the order of time, of the phase. What is left over at its end joins the last window.</param>
    /// <param name="phase">The phase.</param>
    public static List<WindowedTail> Of(IEnumerable<Sample> samples, Phase phase)
    {
        var chunks = new List<(long From, long To, List<long> Latencies)>();
        foreach (var second in samples.GroupBy(sample => (sample.ScheduledAt - phase.From) / Second).OrderBy(second => second.Key))
        {
            var from = phase.From + (second.Key * Second);
            var to = Math.Min(from + Second, phase.To);
            var latencies = second.Select(sample => Latencies.Of(sample)).OfType<long>();
            if (chunks is [.., var open] && open.Latencies.Count < Least)
            {
                open.Latencies.AddRange(latencies);
                chunks[^1] = (open.From, to, open.Latencies);
            }
            else
            {
                chunks.Add((from, to, [.. latencies]));
            }
        }

        if (chunks.Count > 1 && chunks[^1].Latencies.Count < Least)
        {
            chunks[^2].Latencies.AddRange(chunks[^1].Latencies);
            chunks[^2] = (chunks[^2].From, chunks[^1].To, chunks[^2].Latencies);
            chunks.RemoveAt(chunks.Count - 1);
        }

        return [.. chunks.Where(chunk => chunk.Latencies.Count >= Least).Select(chunk => new WindowedTail(chunk.From, chunk.To, Tail(chunk.Latencies)))];
    }

    /// <summary>Seconds.</summary>
    public static double Median(List<WindowedTail> windows) => Quantiles.Median([.. windows.Select(window => window.Seconds).Order()]);

    private static double Tail(List<long> latencies)
    {
        latencies.Sort();
        return Latencies.Seconds(Quantiles.Of([.. latencies], 0.99)!.Value);
    }
}
