using System.Collections.Immutable;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Shapes;
using Mainstay.Manifest.Values;

namespace Mainstay.Manifest.Keys;

/// <summary>The keys of a route.</summary>
internal static class RouteKeys
{
    private static readonly ImmutableArray<string> IdempotentMethods = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"];

    public static readonly Field<string> Path = new("path", Scalars.Text("a path such as /api/**", PathPattern.Check),
        "Which paths: `*` stands for one segment, `**` for the rest, `/a/**` also for `/a`; the most specific route wins.", "/**", "\"/**\"");

    public static readonly Field<string> Host = new("host", Scalars.Text("a host such as shop.example", RouteShapes.CheckHost),
        "Which host, or `*.name`; default any.", null!);

    public static readonly Field<ImmutableArray<string>> Methods = new("methods",
        new ListShape<string>(RouteShapes.Method, "[GET, POST]", orOne: true), "Which methods; default any.", []);

    public static readonly Field<string> Service = new("service", Scalars.Text("the name of a service", text => text.Length == 0 ? "is empty; name a service" : null),
        "The service that answers.", null!);

    public static readonly Field<string> Redirect = new("redirect", Scalars.Text("a location such as /new/{rest}", RouteShapes.CheckRedirect),
        "Answers 308 with this location instead; {rest} stands for what `**` matched.", null!);

    public static readonly Field<string> StripPrefix = new("strip_prefix", Scalars.Text("a path such as /api", RouteShapes.CheckPrefix),
        "Removed from the path before the request is forwarded.", null!);

    public static readonly Field<ImmutableArray<Named<string?>>> RequestHeaders = new("request", RouteShapes.Headers,
        "Set on the way in; null removes.", []);

    public static readonly Field<ImmutableArray<Named<string?>>> ResponseHeaders = new("response", RouteShapes.Headers,
        "Set on the way out; null removes.", []);

    public static readonly Field<Section> Headers = new("headers",
        new SectionShape(new([RequestHeaders, ResponseHeaders]), "a mapping such as { request: { X-Tenant: a } }"),
        "Header rules.", Section.Empty);

    public static readonly Field<TimeSpan> Timeout = new("timeout", Scalars.Duration(Scalars.Shortest, Scalars.Day),
        "Until the answer's head has arrived: waiting, retries and all attempts included.", TimeSpan.FromSeconds(30), "\"30s\"");

    public static readonly Field<TimeSpan> AttemptTimeout = new("attempt_timeout", Scalars.Duration(Scalars.Shortest, Scalars.Day),
        "One attempt, until its head; default: only timeout.");

    public static readonly Field<TimeSpan> IdleTimeout = new("idle_timeout", Scalars.Duration(Scalars.Shortest, Scalars.Day),
        "After the head: no byte either way for so long ends bodies, event streams, tunnels and gRPC streams.", TimeSpan.FromSeconds(60), "\"60s\"");

    public static readonly Field<int> Retries = new("retries", Scalars.Integer(0, 10),
        "Further attempts at most; 0 turns them off.", 2, "2");

    public static readonly Field<ImmutableArray<string>> Idempotent = new("idempotent",
        new ListShape<string>(RouteShapes.Method, "[GET, HEAD]", orOne: true),
        "Methods that may be replayed after an unknown outcome; an Idempotency-Key header also allows it.",
        IdempotentMethods, """["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]""");

    public static readonly Field<long> Body = new("body", Scalars.Size(0, 1L << 40),
        "Largest request body; default: the edge's limit.");

    public static readonly Field<Section> Limits = new("limits",
        new SectionShape(new([Body]), "a mapping such as { body: 1MiB }"), "Bounds on a request.", Section.Empty);

    public static readonly Field<ImmutableArray<ExerciseSpec>> Exercise = new("exercise",
        new ListShape<ExerciseSpec>(new ExerciseShape(), "[GET /api/orders/1 -> 200]", orOne: true),
        "Requests that `prove` sends; default: GET of the path if it has no parameter.", []);

    public static readonly Field<ImmutableArray<string>> Uses = new("uses",
        new ListShape<string>(Scalars.Text("the name of a dependency", text => text.Length == 0 ? "is empty; name a dependency" : null), "[database]", orOne: true, orNone: true),
        "Dependencies behind this route, [] for none; default: all that the service needs.", []);

    public static readonly Field<double> Availability = new("availability", Scalars.Ratio,
        "Share of requests that succeed.", 0.999, "\"99.9%\"");

    public static readonly Field<TimeSpan> LatencyP99 = new("p99", Scalars.Duration(Scalars.Shortest, TimeSpan.FromHours(1)),
        "99 of 100 requests are answered within this.", TimeSpan.FromSeconds(1), "\"1s\"");

    public static readonly Field<Section> Latency = new("latency",
        new SectionShape(new([LatencyP99]), "a mapping such as { p99: 250ms }"), "How fast answers are.", Section.Empty);

    public static readonly Field<TimeSpan> Window = new("window", Scalars.Duration(TimeSpan.FromMinutes(1), TimeSpan.FromDays(366)),
        "Over how long the objective is judged.", TimeSpan.FromDays(30), "\"30d\"");

    public static readonly Field<Section> Objective = new("objective",
        new SectionShape(new([Availability, Latency, Window]), "a mapping such as { availability: 99.9% }"),
        "What the route promises.", Section.Empty);

    public static readonly Field<RoutePriority> Priority = new("priority",
        Scalars.Choice(("critical", RoutePriority.Critical), ("normal", RoutePriority.Normal), ("sheddable", RoutePriority.Sheddable)),
        "Who is let in first, and refused last, when not all can be served.", RoutePriority.Normal, "\"normal\"");

    public static readonly Field<ConcurrencySpec> Concurrency = new("concurrency", ProtectionShapes.Concurrency,
        "How many requests may be at work at once: adaptive, a number, observe (refuses nothing, shows what it would) or off.",
        ConcurrencySpec.Adaptive, "\"adaptive\"");

    public static readonly Field<double> Rate = new("rate", ProtectionShapes.Rate, "Requests per time, such as 100/s.");

    public static readonly Field<int> Burst = new("burst", Scalars.Integer(1, 1_000_000),
        "Requests at once after a pause; default: those of one second.");

    public static readonly Field<(RateLimitBy By, string? Header)> By = new("by", ProtectionShapes.By,
        "Who shares an allowance: client, header:NAME or everyone.", (RateLimitBy.Client, null), "\"client\"");

    public static readonly Field<Section> RateLimit = new("rate_limit",
        new SectionShape(new([Rate, Burst, By]), "a rate such as 100/s, or a mapping such as { rate: 100/s, burst: 200, by: client }", "rate"),
        "Requests taken per time; the others are answered 429.", Section.Empty);

    public static readonly Field<int> FallbackStatus = new("status", Scalars.Integer(200, 599), "Status of the fallback.", 503, "503");

    public static readonly Field<string> FallbackFile = new("file",
        Scalars.Text("a file such as sorry.json", text => text.Length == 0 ? "is empty; name a file" : null), "Its body, at most 1 MiB.", null!);

    public static readonly Field<string> ContentType = new("content_type",
        Scalars.Text("a content type such as application/json", ProtectionShapes.CheckContentType), "Of the file; default: by its ending.", null!);

    public static readonly Field<Section> Fallback = new("fallback",
        new SectionShape(new([FallbackStatus, FallbackFile, ContentType]), "a mapping such as { status: 503, file: sorry.json }"),
        "What is answered when the service gives no answer.", Section.Empty);

    public static readonly Field<HedgeSpec> Hedge = new("hedge", ProtectionShapes.Hedge,
        "A second attempt on another replica once the first has taken longer than this quantile of the route's answers; only what is idempotent.", null!);

    public static readonly SectionShape Shape = new(
        new(
            [Path, Host, Methods, Service, Redirect, StripPrefix, Headers, Timeout, AttemptTimeout, IdleTimeout, Retries, Idempotent, Limits, Exercise, Uses, Objective,
                Priority, Concurrency, RateLimit, Fallback, Hedge],
            "static", "cache", "compress", "graphql", "validate", "defer"),
        "a mapping such as { path: /api/**, service: web }");

    /// <param name="route">As written.</param>
    /// <param name="edge">Whose limits hold unless the route has its own.</param>
    /// <param name="directory">Absolute; files are relative to it.</param>
    public static RouteSpec ToSpec(Section route, EdgeSpec edge, string directory)
    {
        var headers = route.Sub(Headers);
        var objective = route.Sub(Objective);
        var redirect = route.Get(Redirect);
        return new(
            route.Get(Path),
            route.Get(Host)?.ToLowerInvariant(),
            route.Get(Methods),
            redirect is null ? route.Get(Service) : null,
            redirect,
            route.Get(StripPrefix),
            RouteShapes.ToRules(headers.Get(RequestHeaders)),
            RouteShapes.ToRules(headers.Get(ResponseHeaders)),
            route.Get(Timeout),
            route.GetOrNull(AttemptTimeout),
            route.Get(IdleTimeout),
            route.Get(Retries),
            route.Get(Idempotent),
            route.Sub(Limits).GetOrNull(Body) ?? edge.Limits.Body,
            route.Get(Exercise),
            route.Get(Uses),
            new(objective.Get(Availability), objective.Sub(Latency).Get(LatencyP99), objective.Get(Window)),
            route.Node.Position.Line)
        {
            Priority = route.Get(Priority),
            Concurrency = route.Get(Concurrency),
            RateLimit = ProtectionShapes.ToRateLimit(route.Sub(RateLimit)),
            Fallback = route.IsWritten(Fallback) ? ProtectionShapes.ToFallback(route.Sub(Fallback), directory) : null,
            Hedge = redirect is null ? route.Get(Hedge) : null,
        };
    }
}
