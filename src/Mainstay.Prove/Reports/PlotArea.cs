namespace Mainstay.Prove.Reports;

/// <summary>A part of a picture with a vertical scale.</summary>
internal sealed class PlotArea
{
    private static readonly int[] RoundFactors = [1, 2, 4, 6, 8, 10];

    private readonly double _low;
    private readonly double _high;
    private readonly bool _logarithmic;

    private PlotArea(int top, int bottom, double low, double high, bool logarithmic, double[] ticks)
    {
        (Top, Bottom, _low, _high, _logarithmic) = (top, bottom, low, high, logarithmic);
        Ticks = ticks;
    }

    public int Top { get; }

    public int Bottom { get; }

    /// <summary>Values with a line and a label.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>From zero to a round number above the greatest value.</summary>
    public static PlotArea Linear(int top, int bottom, double greatest)
    {
        var size = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(greatest, 1))));
        var high = RoundFactors.Select(factor => factor * size).First(round => round >= greatest * 0.999);
        high = Math.Max(high, 2);
        return new(top, bottom, 0, high, logarithmic: false, [0, high / 2, high]);
    }

    /// <summary>Whole powers of ten around the values; two at least.</summary>
    public static PlotArea Logarithmic(int top, int bottom, IReadOnlyCollection<double> values)
    {
        var low = Math.Floor(Math.Log10(values.DefaultIfEmpty(0.001).Min()));
        var high = Math.Max(low + 2, Math.Ceiling(Math.Log10(values.DefaultIfEmpty(0.1).Max())));
        return new(top, bottom, low, high, logarithmic: true, [.. Enumerable.Range((int)low, (int)(high - low) + 1).Select(power => Math.Pow(10, power))]);
    }

    public double Y(double value)
    {
        var place = _logarithmic ? Math.Log10(value) : value;
        return Bottom - ((Bottom - Top) * Math.Clamp((place - _low) / (_high - _low), 0, 1));
    }
}
