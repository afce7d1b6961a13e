using System.Globalization;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Shapes;
using Mainstay.Manifest.Values;

namespace Mainstay.Manifest.Keys;

/// <summary>Values by which a route protects its service: limits, rates, fallbacks.</summary>
internal static class ProtectionShapes
{
    private const int MostAtOnce = 100_000;
    private const string HeaderPrefix = "header:";

    private static readonly string[] Words = ["adaptive", "observe", "off"];

    private static readonly Dictionary<string, string> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        [".html"] = "text/html; charset=utf-8",
        [".htm"] = "text/html; charset=utf-8",
        [".txt"] = "text/plain; charset=utf-8",
        [".json"] = "application/json",
        [".xml"] = "application/xml",
        [".svg"] = "image/svg+xml",
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
        [".jpeg"] = "image/jpeg",
        [".gif"] = "image/gif",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
    };

    public static ScalarShape<ConcurrencySpec> Concurrency { get; } = new("adaptive, observe, off or a number", ParseConcurrency, () => new()
    {
        ["anyOf"] = new System.Text.Json.Nodes.JsonArray(
            new System.Text.Json.Nodes.JsonObject { ["enum"] = new System.Text.Json.Nodes.JsonArray("adaptive", "observe", "off") },
            new System.Text.Json.Nodes.JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = MostAtOnce },
            Scalars.Pattern(@"^[0-9]+$|\$\{")),
    });

    public static ScalarShape<double> Rate { get; } = new("a rate such as 100/s",
        (string text, out double value) => Quantities.Rate(text, out value),
        () => Scalars.Pattern(@"^[0-9]+(\.[0-9]+)?\s*/\s*(s|m|h)$|\$\{"));

    public static ScalarShape<(RateLimitBy By, string? Header)> By { get; } = new("client, header:NAME or everyone", ParseBy,
        () => Scalars.Pattern(@"^(client|everyone|header:.+)$|\$\{"));

    public static ScalarShape<HedgeSpec> Hedge { get; } = new("a quantile such as p95", ParseHedge,
        () => Scalars.Pattern(@"^p[5-9][0-9](\.[0-9]+)?$|\$\{"));

    public static string? CheckContentType(string type)
    {
        var slash = type.IndexOf('/');
        return slash > 0 && slash < type.Length - 1 && Names.IsToken(type[..slash]) && type.All(c => c is >= ' ' and <= '~')
            ? null
            : "is not a content type; write one such as application/json";
    }

    /// <summary>Null if no rate could be read.</summary>
    public static RateLimitSpec? ToRateLimit(Section limit)
    {
        if (limit.GetOrNull(RouteKeys.Rate) is not { } rate)
            return null;
        var (by, header) = limit.Get(RouteKeys.By);
        return new(rate, limit.GetOrNull(RouteKeys.Burst) ?? (int)Math.Clamp(Math.Ceiling(rate), 1, 1_000_000), by, header);
    }

    public static FallbackSpec ToFallback(Section fallback, string directory)
    {
        var file = fallback.Get(RouteKeys.FallbackFile) is { } name ? Path.GetFullPath(name, directory) : null;
        var type = fallback.Get(RouteKeys.ContentType)
            ?? (file is null ? null : Types.GetValueOrDefault(Path.GetExtension(file), "application/octet-stream"));
        return new(fallback.Get(RouteKeys.FallbackStatus), file, type);
    }

    private static string? ParseConcurrency(string text, out ConcurrencySpec value)
    {
        value = text switch
        {
            "observe" => new(ConcurrencyMode.Observe, 0),
            "off" => new(ConcurrencyMode.Off, 0),
            _ => ConcurrencySpec.Adaptive,
        };
        if (Words.Contains(text))
            return null;
        if (text.Length > 0 && text.TrimStart('-', '+').All(char.IsAsciiDigit))
        {
            var problem = Quantities.Integer(text, 1, MostAtOnce, out var limit);
            value = new(ConcurrencyMode.Fixed, limit);
            return problem is null ? null : $"{problem}; a limit of none is `off`";
        }
        return NearestKey.Of(text, Words) is { } nearest ? $"is not known; did you mean `{nearest}`?" : "is not known; write adaptive, observe, off or a number";
    }

    private static string? ParseHedge(string text, out HedgeSpec value)
    {
        value = null!;
        var number = text.StartsWith('p') ? text[1..] : "";
        if (number.Length == 0 || !number.All(c => char.IsAsciiDigit(c) || c == '.')
            || !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent))
        {
            return text is "off" or "false" or "none" ? "is no quantile; remove the key: nothing is hedged unless it is written"
                : double.TryParse(text.TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out percent) && percent is >= 50 and <= 99.9
                    ? string.Create(CultureInfo.InvariantCulture, $"is not a quantile; write p{percent}")
                    : "is not a quantile; write p50 to p99.9, such as p95";
        }
        if (percent is < 50 or > 99.9)
            return "is out of range; allowed are p50 to p99.9";
        value = new(Math.Round(percent / 100, 9), text);
        return null;
    }

    private static string? ParseBy(string text, out (RateLimitBy By, string? Header) value)
    {
        value = (text == "everyone" ? RateLimitBy.Everyone : RateLimitBy.Client, null);
        if (text is "client" or "everyone")
            return null;
        if (!text.StartsWith(HeaderPrefix, StringComparison.Ordinal))
            return "is not known; write client, everyone or header:NAME, such as header:X-Api-Key";
        var header = text[HeaderPrefix.Length..];
        value = (RateLimitBy.Header, header);
        return Names.IsToken(header) ? null : "names no header; write one such as header:X-Api-Key";
    }
}
