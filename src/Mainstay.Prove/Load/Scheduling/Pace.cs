using System.Collections.Immutable;

namespace Mainstay.Prove.Load.Scheduling;

/// <summary>Requests per second over time. Steps follow one another; the last rate holds for ever, or all begin again.</summary>
internal sealed record Pace
{
    /// <summary>More than any generator here can send.</summary>
    public const double HighestRate = 1_000_000;

    private readonly double _period;
    private readonly double _periodArea;

    private Pace(ImmutableArray<PaceStep> steps, bool repeats)
    {
        foreach (var step in steps)
        {
            if (!(step.From is >= 0 and <= HighestRate) || !(step.To is >= 0 and <= HighestRate))
                throw new ArgumentOutOfRangeException(nameof(steps), $"a rate is 0 to {HighestRate:0} requests per second");
            if (!(step.Seconds is > 0 and < 1e9))
                throw new ArgumentOutOfRangeException(nameof(steps), "a step takes time");
        }
        (Steps, Repeats) = (steps, repeats);
        (_period, _periodArea) = (steps.Sum(step => step.Seconds), steps.Sum(step => step.Area));
    }

    public ImmutableArray<PaceStep> Steps { get; }

    public bool Repeats { get; }

    public static Pace Constant(double perSecond) => new([new(perSecond, perSecond, 1)], repeats: false);

    /// <summary>From one rate to another, evenly; the second one holds from then on.</summary>
    public static Pace Ramp(double from, double to, TimeSpan over) => new([new(from, to, over.TotalSeconds)], repeats: false);

    /// <summary>One rate after the other; the last one holds.</summary>
    public static Pace Stairs(params (double PerSecond, TimeSpan Lasting)[] stairs) =>
        new([.. stairs.Select(stair => new PaceStep(stair.PerSecond, stair.PerSecond, stair.Lasting.TotalSeconds))], repeats: false);

    /// <summary>A burst at the end of each <paramref name="every"/>.</summary>
    public static Pace Bursts(double perSecond, double burst, TimeSpan every, TimeSpan lasting) => new(
        [new(perSecond, perSecond, (every - lasting).TotalSeconds), new(burst, burst, lasting.TotalSeconds)], repeats: true);

    /// <summary>Requests between two moments, in seconds since its start.</summary>
    public double Between(double start, double end)
    {
        var sum = 0d;
        for (var (i, begins) = First(start); begins < end; begins += this[i++].Seconds)
        {
            var step = this[i];
            sum += step.Between(Math.Max(0, start - begins), Math.Min(step.Seconds, end - begins));
        }
        return sum;
    }

    /// <summary>When <paramref name="amount"/> (above 0) requests are due since <paramref name="start"/>, in seconds since its start; infinite if never.</summary>
    public double When(double start, double amount)
    {
        var skipped = 0d;
        if (Repeats)
        {
            if (_periodArea <= 0)
                return double.PositiveInfinity;
            // Whole periods are skipped by arithmetic.
            var periods = Math.Max(0, Math.Ceiling(amount / _periodArea) - 1);
            skipped = periods * _period;
            amount -= periods * _periodArea;
        }
        for (var (i, begins) = First(start); ; begins += this[i++].Seconds)
        {
            var step = this[i];
            var from = Math.Max(0, start - begins);
            if (double.IsInfinity(step.Seconds))
                return step.From > 0 ? skipped + begins + from + (amount / step.From) : double.PositiveInfinity;
            var here = step.Between(from, step.Seconds);
            if (here >= amount)
                return skipped + begins + step.When(from, amount);
            amount -= here;
        }
    }

    /// <summary>The step at a place: all again, or the last rate for ever.</summary>
    private PaceStep this[int i] =>
        i < Steps.Length ? Steps[i] : Repeats ? Steps[i % Steps.Length] : new(Steps[^1].To, Steps[^1].To, double.PositiveInfinity);

    /// <summary>The place of the step that a moment is in, and when it begins.</summary>
    private (int Place, double Begins) First(double at)
    {
        var begins = Repeats ? Math.Floor(at / _period) * _period : 0;
        var i = 0;
        while (begins + this[i].Seconds <= at)
            begins += this[i++].Seconds;
        return (i, begins);
    }
}
