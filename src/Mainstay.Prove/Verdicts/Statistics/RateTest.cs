namespace Mainstay.Prove.Verdicts.Statistics;

/// <summary>
/// Whether a rate is at most its target, after so many trials: holds when the one-sided upper bound is not above it, violated when the lower bound is,
/// else inconclusive. The tails decide, so that no rounding of the bounds can.
/// </summary>
/// <param name="Verdict">What can be said.</param>
/// <param name="Seen">Hits by trials; 0 without trials.</param>
/// <param name="Lower">One-sided bound.</param>
/// <param name="Upper">One-sided bound.</param>
/// <param name="PValue">Probability of as many hits or more, were the rate the target.</param>
/// <param name="Enough">If inconclusive: trials that would decide, going on like this; null when no number below <see cref="Most"/> would.</param>
internal sealed record RateTest(Verdict Verdict, double Seen, double Lower, double Upper, double PValue, int? Enough)
{
    /// <summary>No experiment sends more.</summary>
    public const int Most = 50_000_000;

    public static RateTest Of(int hits, int trials, double target, double confidence)
    {
        var verdict = Decide(hits, trials, target, confidence);
        return new(
            verdict,
            trials == 0 ? 0 : (double)hits / trials,
            Binomial.LowerBound(hits, trials, confidence),
            Binomial.UpperBound(hits, trials, confidence),
            Binomial.AtLeast(hits, trials, target),
            verdict == Verdict.Inconclusive ? EnoughTrials(hits, trials, target, confidence) : null);
    }

    /// <summary>Trials that are enough for a verdict if hits go on coming at the rate seen; null when it takes more than <see cref="Most"/>.</summary>
    public static int? EnoughTrials(int hits, int trials, double target, double confidence)
    {
        var rate = trials == 0 ? 0 : (double)hits / trials;
        int low = trials, high = Math.Max(trials, 1);
        while (Undecided(high))
        {
            if (high >= Most)
                return null;
            low = high;
            high = (int)Math.Min((long)high * 2, Most);
        }

        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (Undecided(middle))
                low = middle;
            else
                high = middle;
        }

        return high;

        bool Undecided(int count) => Decide((int)Math.Round(rate * count), count, target, confidence) == Verdict.Inconclusive;
    }

    private static Verdict Decide(int hits, int trials, double target, double confidence)
    {
        if (trials == 0)
            return Verdict.Inconclusive;
        if (target <= 0)
            return hits > 0 ? Verdict.Violated : Verdict.Inconclusive;
        var doubt = 1 - confidence;
        return Binomial.AtMost(hits, trials, target) <= doubt ? Verdict.Holds
            : Binomial.AtLeast(hits, trials, target) < doubt ? Verdict.Violated
            : Verdict.Inconclusive;
    }
}
