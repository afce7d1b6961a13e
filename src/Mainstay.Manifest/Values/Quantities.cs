using System.Globalization;

namespace Mainstay.Manifest.Values;

/// <summary>Numbers with a unit. Each method answers null, or what is wrong and the remedy.</summary>
internal static class Quantities
{
    private static readonly (string Unit, double Milliseconds)[] TimeUnits = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];
    private static readonly (string Unit, double Bytes)[] SizeUnits = [("B", 1), ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40)];

    public static string? Duration(string text, TimeSpan least, TimeSpan most, out TimeSpan value)
    {
        value = default;
        var unit = Split(text, out var number);
        if (number is null)
            return "is not a duration; write a number and ms, s, m, h or d, such as 250ms or 30s";
        if (unit.Length == 0)
            return $"has no unit; write {text}s or {text}ms";
        var known = Array.Find(TimeUnits, u => u.Unit == unit);
        if (known.Unit is null)
            return $"has an unknown unit; write ms, s, m, h or d, such as {number}{GuessTime(unit)}";
        var milliseconds = number.Value * known.Milliseconds;
        if (milliseconds < least.TotalMilliseconds || milliseconds > most.TotalMilliseconds)
            return $"is out of range; allowed are {Write(least)} to {Write(most)}";
        value = TimeSpan.FromMilliseconds(milliseconds);
        return null;
    }

    public static string? Size(string text, long least, long most, out long value)
    {
        value = 0;
        var unit = Split(text, out var number);
        if (number is null)
            return "is not a size; write a number and B, KiB, MiB or GiB, such as 512MiB";
        if (unit.Length == 0)
            return $"has no unit; write {text}MiB, {text}KiB or {text}B";
        var known = Array.Find(SizeUnits, u => u.Unit == unit);
        if (known.Unit is null)
            return $"has an unknown unit; write {number}{GuessSize(unit)} (B, KiB, MiB and GiB are known)";
        var bytes = number.Value * known.Bytes;
        if (bytes < least || bytes > most)
            return $"is out of range; allowed are {Write(least)} to {Write(most)}";
        value = (long)bytes;
        return null;
    }

    public static string? Ratio(string text, out double value)
    {
        value = 0;
        var unit = Split(text, out var number);
        if (number is null || unit is not ("%" or ""))
            return "is not a ratio; write a percentage such as 99.9%";
        if (unit.Length == 0)
            return $"has no unit; write {(number < 1 ? Math.Round(number.Value * 100, 6) : number)}%";
        if (number is <= 0 or >= 100)
            return "is out of range; write more than 0% and less than 100%";
        value = number.Value / 100;
        return null;
    }

    public static string? Rate(string text, out double perSecond)
    {
        perSecond = 0;
        var unit = Split(text, out var number);
        if (number is null)
            return "is not a rate; write a number and /s, /m or /h, such as 100/s";
        if (unit.Length == 0)
            return $"has no unit; write {text}/s or {text}/m";
        var seconds = unit.Replace(" ", "", StringComparison.Ordinal) switch { "/s" => 1, "/m" => 60, "/h" => 3600, _ => 0 };
        if (seconds == 0)
            return $"has an unknown unit; write /s, /m or /h, such as {number}/s";
        if (number is <= 0 or > 1_000_000_000)
            return "is out of range; a rate is more than 0; remove the key to take any number of requests";
        perSecond = number.Value / seconds;
        return null;
    }

    public static string? Integer(string text, int least, int most, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least && value <= most ? null
        : text.Length > 0 && text.TrimStart('-', '+').All(char.IsAsciiDigit) ? $"is out of range; allowed are {least} to {most}"
        : $"is not a whole number; write {least} to {most}";

    /// <summary>As one would write it in a manifest.</summary>
    public static string Write(TimeSpan duration)
    {
        var (unit, milliseconds) = TimeUnits.Last(u => u.Milliseconds <= Math.Max(duration.TotalMilliseconds, 1) && duration.TotalMilliseconds % u.Milliseconds == 0);
        return duration == TimeSpan.Zero ? "0s" : $"{duration.TotalMilliseconds / milliseconds}{unit}";
    }

    /// <inheritdoc cref="Write(TimeSpan)"/>
    public static string Write(long bytes)
    {
        var (unit, factor) = SizeUnits.Last(u => u.Bytes <= Math.Max(bytes, 1) && bytes % u.Bytes == 0);
        return bytes == 0 ? "0B" : $"{bytes / factor}{unit}";
    }

    private static string Split(string text, out double? number)
    {
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        number = digits is > 0 and <= 15 && double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
        return text[digits..].Trim();
    }

    private static string GuessTime(string unit) => char.ToLowerInvariant(unit[0]) switch
    {
        'm' when unit.Contains("il", StringComparison.OrdinalIgnoreCase) || unit is "MS" or "msec" => "ms",
        'm' => "m",
        'h' => "h",
        'd' => "d",
        _ => "s",
    };

    private static string GuessSize(string unit) => char.ToUpperInvariant(unit[0]) switch
    {
        'K' => "KiB",
        'G' => "GiB",
        'T' => "TiB",
        'B' => "B",
        _ => "MiB",
    };
}
