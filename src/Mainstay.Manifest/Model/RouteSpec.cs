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
