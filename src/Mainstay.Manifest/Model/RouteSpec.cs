using System.Collections.Immutable;

namespace Mainstay.Manifest.Model;

/// <summary>Which requests go where, and what holds for them.</summary>
/// <param name="Path">Pattern: <c>*</c> one segment, <c>**</c> the rest; starts with a slash.</param>
/// <param name="Host">Exact name or <c>*.name</c>, lower case; null: any.</param>
/// <param name="Methods">Upper case; empty: any.</param>
/// <param name="Service">Target service; null when <see cref="Redirect"/> is set.</param>
/// <param name="Redirect">Location to answer 308 with; <c>{rest}</c> stands for what <c>**</c> matched (without a leading slash). Null: none.</param>
/// <param name="StripPrefix">Path prefix removed before the request is forwarded; null: none.</param>
/// <param name="RequestHeaders">Set on the way in; a null value removes.</param>
/// <param name="ResponseHeaders">Set on the way out; a null value removes.</param>
/// <param name="Timeout">Until the answer's head has arrived, everything included; default 30 s.</param>
/// <param name="AttemptTimeout">One attempt until its head; null: only <see cref="Timeout"/>.</param>
/// <param name="IdleTimeout">After the head: no byte either way for so long ends it; default 60 s.</param>
/// <param name="Retries">Further attempts at most, 0–10; default 2.</param>
/// <param name="Idempotent">Methods that may be replayed after an unknown outcome.</param>
/// <param name="BodyLimit">Bytes of a request body; the edge's limit unless written.</param>
/// <param name="Exercise">What <c>prove</c> sends; empty: GET of the path if it has no parameter.</param>
/// <param name="Uses">Dependencies behind this route; all that the service needs unless written.</param>
/// <param name="Objective">What the route promises.</param>
/// <param name="Line">Line in the manifest, 1-based; 0 for the default route.</param>
public sealed record RouteSpec(
    string Path,
    string? Host,
    ImmutableArray<string> Methods,
    string? Service,
    string? Redirect,
    string? StripPrefix,
    ImmutableSortedDictionary<string, string?> RequestHeaders,
    ImmutableSortedDictionary<string, string?> ResponseHeaders,
    TimeSpan Timeout,
    TimeSpan? AttemptTimeout,
    TimeSpan IdleTimeout,
    int Retries,
    ImmutableArray<string> Idempotent,
    long BodyLimit,
    ImmutableArray<ExerciseSpec> Exercise,
    ImmutableArray<string> Uses,
    ObjectiveSpec Objective,
    int Line)
{
    /// <summary>Who is let in first and refused last when not all can be served; default normal.</summary>
    public RoutePriority Priority { get; init; } = RoutePriority.Normal;

    /// <summary>How many requests may be at work at once; default: found by itself.</summary>
    public ConcurrencySpec Concurrency { get; init; } = ConcurrencySpec.Adaptive;

    /// <summary>How many requests are taken per time; null: any number.</summary>
    public RateLimitSpec? RateLimit { get; init; }

    /// <summary>What is answered in place of an error of Mainstay's own; null: the error.</summary>
    public FallbackSpec? Fallback { get; init; }

    /// <summary>When a second attempt is made beside a slow first one; null: never.</summary>
    public HedgeSpec? Hedge { get; init; }

    /// <summary>How status, logs and errors name the route: host and path as written, methods in front.</summary>
    public string Display => $"{(Methods.IsDefaultOrEmpty ? "" : string.Join(',', Methods) + " ")}{Host}{Path}";
}

/// <summary>One request that an experiment may send.</summary>
public sealed record ExerciseSpec(
    string Method,
    string Path,
    ImmutableSortedDictionary<string, string> Headers,
    string? Body,
    int? ExpectedStatus);

/// <param name="Availability">Ratio in (0, 1); default 0.999.</param>
/// <param name="LatencyP99">Default 1 s.</param>
/// <param name="Window">Default 30 days.</param>
public sealed record ObjectiveSpec(double Availability, TimeSpan LatencyP99, TimeSpan Window);

public enum RoutePriority
{
    Critical,
    Normal,
    Sheddable,
}

public enum ConcurrencyMode
{
    /// <summary>The limit finds itself.</summary>
    Adaptive,

    /// <summary>As adaptive, but nothing is refused: what would have been is counted.</summary>
    Observe,

    /// <summary>The number that is written.</summary>
    Fixed,

    /// <summary>No limit.</summary>
    Off,
}

/// <param name="Mode">Where the limit comes from.</param>
/// <param name="Limit">1–100,000 with <see cref="ConcurrencyMode.Fixed"/>, else 0.</param>
public sealed record ConcurrencySpec(ConcurrencyMode Mode, int Limit)
{
    public static ConcurrencySpec Adaptive { get; } = new(ConcurrencyMode.Adaptive, 0);
}

public enum RateLimitBy
{
    /// <summary>Each client's address, as seen behind trusted proxies, has its own allowance.</summary>
    Client,

    /// <summary>Each value of a header has its own.</summary>
    Header,

    /// <summary>All share one.</summary>
    Everyone,
}

/// <param name="Rate">Requests per second; more than 0.</param>
/// <param name="Burst">Requests at once after a pause; 1 or more; default: those of one second.</param>
/// <param name="By">Who shares an allowance; default client.</param>
/// <param name="Header">The header's name with <see cref="RateLimitBy.Header"/>, else null.</param>
public sealed record RateLimitSpec(double Rate, int Burst, RateLimitBy By, string? Header);

/// <param name="Quantile">Of the route's latencies, beyond which the second attempt is made; in [0.5, 0.999].</param>
/// <param name="Text">As written, such as <c>p95</c>.</param>
public sealed record HedgeSpec(double Quantile, string Text);

/// <param name="Status">200–599; default 503.</param>
/// <param name="File">Absolute path of the body; null: none.</param>
/// <param name="ContentType">Of the file; null: none.</param>
public sealed record FallbackSpec(int Status, string? File, string? ContentType)
{
    /// <summary>Largest file, in bytes: it is kept in memory.</summary>
    public const long MostBytes = 1024 * 1024;
}
