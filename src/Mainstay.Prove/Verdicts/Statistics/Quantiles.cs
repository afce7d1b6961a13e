namespace Mainstay.Prove.Verdicts.Statistics;

/// <summary>
/// Quantiles of values in ascending order, and bounds that hold whatever the distribution: the ranks come from the binomial distribution. The same
/// statement as <see cref="RateTest"/> makes on the share of greater values.
/// </summary>
internal static class Quantiles
{
    /// <summary>The smallest value that is not below so large a share; null without values.</summary>
    public static long? Of(ReadOnlySpan<long> ascending, double quantile) =>
        ascending.IsEmpty ? null : ascending[Math.Clamp((int)Math.Ceiling((quantile * ascending.Length) - 1e-9) - 1, 0, ascending.Length - 1)];

    public static double Median(ReadOnlySpan<double> ascending) =>
        ascending.Length % 2 == 1
            ? ascending[ascending.Length / 2]
            : (ascending[(ascending.Length / 2) - 1] + ascending[ascending.Length / 2]) / 2;

    /// <summary>The true quantile is not above it with at least this confidence; null when there are too few values to say.</summary>
    public static long? UpperBound(ReadOnlySpan<long> ascending, double quantile, double confidence)
    {
        var count = ascending.Length;
        var rank = First(1, count + 1, rank => Binomial.AtMost(rank - 1, count, quantile) >= confidence);
        return rank <= count ? ascending[rank - 1] : null;
    }

    /// <summary>The true quantile is not below it; null when there are too few values to say.</summary>
    public static long? LowerBound(ReadOnlySpan<long> ascending, double quantile, double confidence)
    {
        var count = ascending.Length;
        var rank = First(1, count + 1, rank => Binomial.AtLeast(rank, count, quantile) < confidence) - 1;
        return rank >= 1 ? ascending[rank - 1] : null;
    }

    /// <summary>The first number from which on it is true; <paramref name="end"/> when it never is.</summary>
    private static int First(int from, int end, Func<int, bool> isTrue)
    {
        while (from < end)
        {
            var middle = from + ((end - from) / 2);
            if (isTrue(middle))
                end = middle;
            else
                from = middle + 1;
        }

        return from;
    }
}
