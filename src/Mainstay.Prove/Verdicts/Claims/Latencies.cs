using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// How long requests took, from when they were due. What was answered counts with its latency, good or not; what was never answered or could not be sent
/// counts as endless; what was refused by a closed port or reset is a failure, but no slow request, and does not count here.
/// </summary>
internal static class Latencies
{
    public const long Endless = long.MaxValue;

    /// <summary>Microseconds; null when the request says nothing about latency.</summary>
    public static long? Of(in Sample sample) => sample.Fate switch
    {
        Fate.Answered when !sample.IsShed => sample.Latency,
        Fate.TimedOut or Fate.NotSent => Endless,
        _ => null,
    };

    public static long[] Ascending(IEnumerable<Sample> samples)
    {
        var latencies = samples.Select(sample => Of(sample)).OfType<long>().ToArray();
        Array.Sort(latencies);
        return latencies;
    }

    public static double Seconds(long micros) => micros == Endless ? double.PositiveInfinity : micros / 1e6;
}
