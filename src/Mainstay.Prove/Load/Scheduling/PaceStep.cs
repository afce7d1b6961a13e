namespace Mainstay.Prove.Load.Scheduling;

/// <summary>A stretch of a pace, in which the rate changes evenly.</summary>
/// <param name="From">Requests per second at its beginning.</param>
/// <param name="To">At its end.</param>
/// <param name="Seconds">How long it takes, above 0.</param>
internal readonly record struct PaceStep(double From, double To, double Seconds)
{
    /// <summary>All requests in it.</summary>
    public double Area => (From + To) / 2 * Seconds;

    public double RateAt(double at) => From + ((To - From) * at / Seconds);

    /// <summary>Requests in a part of it.</summary>
    public double Between(double start, double end) => (RateAt(start) + RateAt(end)) / 2 * (end - start);

    /// <summary>Seconds in it at which <paramref name="amount"/> requests were due since <paramref name="start"/>; at most its end.</summary>
    public double When(double start, double amount)
    {
        var rate = RateAt(start);
        var slope = (To - From) / Seconds;
        // amount = rate·t + slope·t²/2, solved in the form that does not cancel.
        var root = Math.Sqrt(Math.Max(0, (rate * rate) + (2 * slope * amount)));
        return Math.Min(Seconds, start + (2 * amount / (rate + root)));
    }
}
