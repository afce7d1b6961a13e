using System.Globalization;

namespace Mainstay.Cli.Faulting;

/// <summary>Sizes as the manifest writes them.</summary>
internal static class Sizes
{
    /// <summary>"512B", "64KiB", "1.5MiB", "1GiB"; null for anything else.</summary>
    public static long? Parse(string text)
    {
        var digits = text.TakeWhile(letter => char.IsAsciiDigit(letter) || letter == '.').Count();
        if (!double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return null;
        double? unit = text[digits..] switch { "B" => 1, "KiB" => 1L << 10, "MiB" => 1L << 20, "GiB" => 1L << 30, _ => null };
        return number * unit is { } bytes and < 1L << 50 ? (long)bytes : null;
    }
}
