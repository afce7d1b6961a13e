namespace Mainstay.Testing.Load;

public enum LoadResult
{
    /// <summary>200.</summary>
    Good,

    /// <summary>503 or 429: refused on purpose.</summary>
    Refused,

    /// <summary>Any other status, or the connection ended.</summary>
    Failed,

    /// <summary>The client's patience ended first.</summary>
    GaveUp,
}

/// <param name="Stream">Its number in the load.</param>
/// <param name="At">When it was due, in seconds since the start.</param>
/// <param name="Took">Seconds from then until the answer was complete, or nothing was to come.</param>
/// <param name="Lag">Seconds by which the load itself sent it late.</param>
/// <param name="Status">0: no answer.</param>
/// <param name="RetryAfter">The answer said when to come again.</param>
public readonly record struct OpenSample(int Stream, double At, double Took, double Lag, LoadResult Result, int Status, bool RetryAfter);

/// <summary>What became of every request of an <see cref="OpenLoad"/>.</summary>
public sealed class OpenLoadReport(IReadOnlyList<string> streams, IReadOnlyList<OpenSample> samples)
{
    public IReadOnlyList<OpenSample> Samples { get; } = samples;

    /// <summary>How late the load itself was, in seconds, at a quantile.</summary>
    public double Lag(double quantile) => LoadSlice.Quantile([.. Samples.Select(sample => sample.Lag).Order()], quantile);

    /// <summary>The requests that were due from <paramref name="from"/> on and before <paramref name="to"/> (seconds), of one stream or of all.</summary>
    public LoadSlice Slice(double from = 0, double to = double.PositiveInfinity, string? stream = null)
    {
        var number = stream is null ? -1 : streams.ToList().IndexOf(stream);
        if (stream is not null && number < 0)
            throw new ArgumentException($"No stream is called {stream}.", nameof(stream));
        var last = double.IsPositiveInfinity(to) ? Samples.Count == 0 ? 0 : Samples[^1].At : to;
        return new(last - from, [.. Samples.Where(sample => sample.At >= from && sample.At < to && (number < 0 || sample.Stream == number))]);
    }

    /// <summary>Second by second.</summary>
    public IEnumerable<LoadSlice> Seconds(string? stream = null)
    {
        for (var second = 0; Samples.Count > 0 && second <= Samples[^1].At; second++)
            yield return Slice(second, second + 1, stream);
    }

    public override string ToString() =>
        string.Join('\n', streams.Select(stream => $"{stream}: {Slice(stream: stream)}")
            .Append($"the load itself was late by {Lag(0.5) * 1000:0.0} ms at the median, {Lag(0.99) * 1000:0.0} ms at p99")
            .Append("good/refused/failed/given up by second: " + string.Join(' ', Seconds().Select(s => $"{s.Good}/{s.Refused}/{s.Failed}/{s.GaveUp}"))));
}

/// <summary>A part of a report.</summary>
/// <param name="duration">Seconds.</param>
public sealed class LoadSlice(double duration, IReadOnlyList<OpenSample> samples)
{
    private readonly double[] _good = Took(samples, LoadResult.Good);
    private readonly double[] _refused = Took(samples, LoadResult.Refused);

    public int Sent => samples.Count;

    public int Good => _good.Length;

    public int Refused => _refused.Length;

    public int RefusedWithRetryAfter => samples.Count(sample => sample.Result == LoadResult.Refused && sample.RetryAfter);

    public int Failed => samples.Count(sample => sample.Result == LoadResult.Failed);

    public int GaveUp => samples.Count(sample => sample.Result == LoadResult.GaveUp);

    public double GoodPerSecond => Good / duration;

    /// <summary>Of those sent, the share answered well within so many seconds; 0 when nothing was sent.</summary>
    public double ServedWithin(double seconds) => Sent == 0 ? 0 : (double)_good.Count(took => took <= seconds) / Sent;

    /// <summary>Seconds; NaN when there is none.</summary>
    public double GoodLatency(double quantile) => Quantile(_good, quantile);

    /// <summary>Seconds; NaN when there is none.</summary>
    public double RefusalLatency(double quantile) => Quantile(_refused, quantile);

    public override string ToString() =>
        $"{Sent} sent, {Good} good ({GoodPerSecond:0.0}/s, p50 {GoodLatency(0.5) * 1000:0} ms, p99 {GoodLatency(0.99) * 1000:0} ms), "
        + $"{Refused} refused (p50 {RefusalLatency(0.5) * 1000:0.0} ms, {RefusedWithRetryAfter} with Retry-After), {Failed} failed{Statuses}, {GaveUp} given up";

    internal static double Quantile(double[] sorted, double quantile) =>
        sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(quantile * sorted.Length))];

    private string Statuses => Failed == 0 ? "" : " (" + string.Join(", ", samples.Where(sample => sample.Result == LoadResult.Failed)
        .GroupBy(sample => sample.Status).OrderByDescending(group => group.Count()).Select(group => $"{group.Count()} × status {group.Key}")) + ")";

    private static double[] Took(IReadOnlyList<OpenSample> samples, LoadResult result) =>
        [.. samples.Where(sample => sample.Result == result).Select(sample => sample.Took).Order()];
}
