using System.Globalization;

namespace Mainstay.Cli.Showing;

/// <summary>Durations as the manifest writes them, and as people like to read them.</summary>
internal static class Durations
{
    /// <summary>"250ms", "2s", "10m", "1h", "1d"; null for anything else.</summary>
    public static TimeSpan? Parse(string text)
    {
        var digits = text.TakeWhile(letter => char.IsAsciiDigit(letter) || letter == '.').Count();
        if (!double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return null;
        double? unit = text[digits..] switch { "ms" => 0.001, "s" => 1, "m" => 60, "h" => 3600, "d" => 86400, _ => null };
        return number * unit is { } seconds and < 1e9 ? TimeSpan.FromSeconds(seconds) : null;
    }

    /// <summary>"4s", "12m", "3h", "5d": one number is enough for an age.</summary>
    public static string Age(TimeSpan age) => age switch
    {
        { TotalSeconds: < 0 } => "0s",
        { TotalMinutes: < 2 } => $"{(int)age.TotalSeconds}s",
        { TotalHours: < 2 } => $"{(int)age.TotalMinutes}m",
        { TotalDays: < 2 } => $"{(int)age.TotalHours}h",
        _ => $"{(int)age.TotalDays}d",
    };
}
