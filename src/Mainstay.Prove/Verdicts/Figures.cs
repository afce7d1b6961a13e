using System.Globalization;

namespace Mainstay.Prove.Verdicts;

/// <summary>Figures as people read them.</summary>
internal static class Figures
{
    /// <summary>With separators: <c>2,995</c>.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Three digits: <c>0.82 ms</c>, <c>12.3 ms</c>, <c>4.5 s</c>.</summary>
    public static string Seconds(double seconds) =>
        double.IsPositiveInfinity(seconds) ? "never"
        : Math.Abs(seconds) >= 1 ? $"{Digits(seconds)} s"
        : $"{Digits(seconds * 1000)} ms";

    /// <summary>How often: <c>once</c>, <c>7 times</c>.</summary>
    public static string Times(int count) => count == 1 ? "once" : $"{Count(count)} times";

    /// <summary>Microseconds.</summary>
    public static string Micros(long micros) => Seconds(micros / 1e6);

    /// <summary>A ratio in per cent: <c>0.12 %</c>. Never rounded to 0 % or 100 % unless it is.</summary>
    public static string Percent(double ratio)
    {
        var percent = ratio * 100;
        if (percent is > 99 and < 100)
            return string.Create(CultureInfo.InvariantCulture, $"{Math.Floor((percent * 1000) + 1e-6) / 1000:0.###} %");
        return $"{Digits(percent)} %";
    }

    public static string Digits(double value)
    {
        var size = Math.Abs(value);
        var format = size >= 1000 ? "N0" : size >= 100 ? "0" : size >= 10 ? "0.#" : size >= 0.01 || size == 0 ? "0.##" : "0.####";
        return value.ToString(format, CultureInfo.InvariantCulture);
    }
}
