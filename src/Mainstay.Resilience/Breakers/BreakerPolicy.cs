namespace Mainstay.Resilience.Breakers;

/// <summary>
/// When a breaker opens, and for how long. It counts failures in a row and not a share of them, because an upstream of which half of the
/// answers fail must keep flowing (retries make up for it), while one that gives none at all must be noticed at 2 requests/s, too.
/// </summary>
/// <remarks>
/// How often an upstream failing independently with probability p opens it by chance, per outcome: about (1−p)·pⁿ after a row that is not
/// preceded by success, and (1−p)ᵐ·pᵏ for the quick way (k = <paramref name="QuickFailures"/>, m = <paramref name="Proof"/>,
/// n = <paramref name="Failures"/>). With the defaults and p = 0.5 that is once in 2¹⁹ outcomes: three days at 2 requests/s, never above
/// some 6 requests/s, since the row must also span <paramref name="Span"/>. The quick way adds less than 10⁻⁸ for any p up to 0.5.
/// A service that fails wholly is open after 3.5 s at 2 requests/s if it did well before, after 8.5 s if it did not, and after 3 s at high rates.
/// </remarks>
/// <param name="QuickFailures">So many failures in a row open after <paramref name="Proof"/> successes in a row; default 8.</param>
/// <param name="Proof">Successes in a row after which a failure is a surprise; default 32.</param>
/// <param name="Failures">So many failures in a row open in any case; default 18.</param>
/// <param name="Span">Seconds that the row must span at least, from its first failure to its last; default 3.</param>
/// <param name="Shortest">Seconds until the first trial; doubled after each failed one; default 1.</param>
/// <param name="Longest">Seconds until a trial at most, before jitter; default 5, so that recovery is noticed within 6 s.</param>
/// <param name="Jitter">Share of the time that chance adds; default 0.2.</param>
/// <param name="TrialPatience">Seconds after which a trial without an outcome no longer keeps another from being made; default 5.</param>
public sealed record BreakerPolicy(
    int QuickFailures = 8,
    int Proof = 32,
    int Failures = 18,
    double Span = 3,
    double Shortest = 1,
    double Longest = 5,
    double Jitter = 0.2,
    double TrialPatience = 5);
