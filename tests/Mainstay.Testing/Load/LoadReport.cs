namespace Mainstay.Testing.Load;

/// <param name="Number">The request's number, from 0.</param>
/// <param name="SentAt">Since the load began.</param>
/// <param name="Took">Until its answer was complete, or it failed.</param>
/// <param name="Failure">What went wrong; null if nothing did.</param>
public readonly record struct LoadSample(int Number, TimeSpan SentAt, TimeSpan Took, string? Failure);

/// <summary>What became of every request.</summary>
public sealed class LoadReport(IReadOnlyList<LoadSample> samples)
{
    public IReadOnlyList<LoadSample> Samples { get; } = samples;

    public int Total => Samples.Count;

    public int Failed => Samples.Count(sample => sample.Failure is not null);

    public TimeSpan Slowest => Samples.Count == 0 ? TimeSpan.Zero : Samples.Max(sample => sample.Took);

    public TimeSpan Percentile(double p)
    {
        var sorted = Samples.Select(sample => sample.Took).Order().ToList();
        return sorted.Count == 0 ? TimeSpan.Zero : sorted[Math.Min(sorted.Count - 1, (int)(p * sorted.Count))];
    }

    /// <summary>Every reason with its count, and when it was first seen.</summary>
    public string Failures => string.Join('\n', Samples.Where(sample => sample.Failure is not null).GroupBy(sample => sample.Failure)
        .OrderByDescending(group => group.Count())
        .Select(group => $"{group.Count()} × {group.Key} (first: request {group.First().Number}, sent at {group.First().SentAt.TotalSeconds:0.00} s)"));

    public override string ToString() =>
        $"{Total} requests, {Failed} failed, p50 {Percentile(0.5).TotalMilliseconds:0.0} ms, p99 {Percentile(0.99).TotalMilliseconds:0} ms, slowest {Slowest.TotalMilliseconds:0} ms"
        + (Failed == 0 ? "" : "\n" + Failures);
}
