using Mainstay.Manifest.Model;

namespace Mainstay.Manifest.Keeping;

/// <summary>Each record of the model from its JSON; the counterpart of <see cref="SpecWriter"/>.</summary>
internal static class SpecReader
{
    public static ManifestSpec Manifest(JsonPart part) => new(
        part.Text("Name"),
        part.Text("Directory"),
        part.TextOrNull("File"),
        Edge(part.Section("Edge")),
        part.Sections("Services", Service),
        part.Sections("Dependencies", Dependency),
        part.Sections("Routes", Route));

    public static ServiceSpec Service(JsonPart part) => new(
        part.Text("Name"),
        part.Texts("Command"),
        part.Text("Directory"),
        Port(part.Section("Port")),
        part.Whole("Replicas"),
        part.Choice<UpstreamProtocol>("Protocol"),
        part.Map("Environment", StringComparer.Ordinal),
        part.TextOrNull("EnvironmentFile"),
        Inherit(part.Section("Inherit")),
        Health(part.Section("Health")),
        Stop(part.Section("Stop")),
        part.LongOrNull("Memory"),
        Deploy(part.Section("Deploy")),
        part.Sections("Needs", Need),
        part.Urls("Urls"));

    public static DependencySpec Dependency(JsonPart part) =>
        new(part.Text("Name"), part.Text("Url"), part.TextOrNull("Variable"), part.TextOrNull("Prove"));

    private static EdgeSpec Edge(JsonPart part) => new(
        part.Sections("Listen", Listen), part.Networks("TrustedProxies"), Limits(part.Section("Limits")), part.Time("LameDuck"));

    private static ListenSpec Listen(JsonPart part) => new(part.Text("Url"), part.Address("Address"), part.Whole("Port"));

    private static EdgeLimitsSpec Limits(JsonPart part) => new(
        part.Long("Body"), part.Whole("Headers"), part.Whole("Connections"), part.Time("HeaderTimeout"), part.Time("IdleTimeout"));

    private static PortSpec Port(JsonPart part) => new(part.Choice<PortKind>("Kind"), part.WholeOrNull("Number") ?? 0);

    private static InheritSpec Inherit(JsonPart part) => new(part.Choice<InheritKind>("Kind"), part.Texts("Names"));

    private static HealthSpec Health(JsonPart part) => new(
        part.TextOrNull("Ready"), part.TextOrNull("Live"), part.Time("Interval"), part.Time("Timeout"), part.Whole("Failures"), part.Time("Start"));

    private static StopSpec Stop(JsonPart part) => new(part.Text("Signal"), part.Time("Drain"), part.Time("Grace"));

    private static DeploySpec Deploy(JsonPart part) => new(
        part.Texts("Build"), part.TextOrNull("Artifact"), part.Texts("Before"), part.Time("ReadyFor"), part.Truth("Overlap"));

    private static NeedSpec Need(JsonPart part) => new(part.Text("Dependency"), part.Truth("Optional"));

    private static RouteSpec Route(JsonPart part)
    {
        var route = new RouteSpec(
            part.Text("Path"),
            part.TextOrNull("Host"),
            part.Texts("Methods"),
            part.TextOrNull("Service"),
            part.TextOrNull("Redirect"),
            part.TextOrNull("StripPrefix"),
            part.Rules("RequestHeaders", StringComparer.OrdinalIgnoreCase),
            part.Rules("ResponseHeaders", StringComparer.OrdinalIgnoreCase),
            part.Time("Timeout"),
            part.TimeOrNull("AttemptTimeout"),
            part.Time("IdleTimeout"),
            part.Whole("Retries"),
            part.Texts("Idempotent"),
            part.Long("BodyLimit"),
            part.Sections("Exercise", Exercise),
            part.Texts("Uses"),
            Objective(part.Section("Objective")),
            part.Whole("Line"));
        // With the model's own defaults for those that are missing.
        return route with
        {
            Priority = part.Choice("Priority", (RoutePriority?)route.Priority),
            Concurrency = part.Section("Concurrency", Concurrency) ?? route.Concurrency,
            RateLimit = part.Section("RateLimit", RateLimit),
            Fallback = part.Section("Fallback", Fallback),
            Hedge = part.Section("Hedge", Hedge),
        };
    }

    private static ExerciseSpec Exercise(JsonPart part) => new(
        part.Text("Method"), part.Text("Path"), part.Map("Headers", StringComparer.OrdinalIgnoreCase), part.TextOrNull("Body"), part.WholeOrNull("ExpectedStatus"));

    private static ObjectiveSpec Objective(JsonPart part) => new(part.Real("Availability"), part.Time("LatencyP99"), part.Time("Window"));

    private static ConcurrencySpec Concurrency(JsonPart part) => new(part.Choice<ConcurrencyMode>("Mode"), part.Whole("Limit"));

    private static RateLimitSpec RateLimit(JsonPart part) =>
        new(part.Real("Rate"), part.Whole("Burst"), part.Choice<RateLimitBy>("By"), part.TextOrNull("Header"));

    private static FallbackSpec Fallback(JsonPart part) => new(part.Whole("Status"), part.TextOrNull("File"), part.TextOrNull("ContentType"));

    private static HedgeSpec Hedge(JsonPart part) => new(part.Real("Quantile"), part.Text("Text"));
}
