using System.Text.Json.Serialization;

namespace Mainstay.Contracts.Control;

/// <summary>The document of <c>mainstay status --json</c>.</summary>
public sealed record StatusReport(string Name, EdgeStatus Edge, IReadOnlyList<ServiceStatus> Services);

/// <param name="Listen">Urls, with the real port.</param>
/// <param name="Ready">Accepting, and not a lame duck.</param>
/// <param name="Connections">Client connections now.</param>
/// <param name="Requests">Requests taken since the start.</param>
/// <param name="Retries">Attempts after one that came to nothing, since the start; hedges are not among them.</param>
/// <param name="Waiting">Requests waiting for a replica now.</param>
/// <param name="Routes">In the order of the manifest, redirects left out; null before the edge has started.</param>
/// <param name="Upstreams">Of the services that someone else runs; null: none.</param>
/// <param name="Events">The latest changes that came by themselves, the oldest first.</param>
public sealed record EdgeStatus(
    IReadOnlyList<string> Listen,
    bool Ready,
    int Connections,
    long Requests,
    long Retries,
    int Waiting,
    IReadOnlyList<RouteStatus>? Routes = null,
    IReadOnlyList<UpstreamStatus>? Upstreams = null,
    IReadOnlyList<EdgeEvent>? Events = null);

/// <param name="Route">Host and path as written, methods in front.</param>
/// <param name="Service">Where it leads.</param>
/// <param name="Priority">critical · normal · sheddable.</param>
/// <param name="Concurrency">adaptive · observe · fixed · off.</param>
/// <param name="Limit">Requests that may be at work at once, over all routes of the same gate; null with <c>off</c>.</param>
/// <param name="InFlight">Of this route, at work now.</param>
/// <param name="Queued">Of this route, waiting to be let in.</param>
/// <param name="Shed">Of this route, refused for overload since the start.</param>
/// <param name="WouldShed">With <c>observe</c>: those that would have been refused.</param>
/// <param name="Breaker">closed · open · trial (one request finds out whether it has recovered).</param>
/// <param name="Reason">Why it is overloaded or open; null when there is nothing to say.</param>
/// <param name="Hedge">What became of its second attempts; null without <c>hedge</c>.</param>
public sealed record RouteStatus(
    string Route,
    string Service,
    string Priority,
    string Concurrency,
    int? Limit,
    int InFlight,
    int Queued,
    long Shed,
    long WouldShed,
    string Breaker,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Reason,
    HedgeStatus? Hedge = null);

/// <param name="At">The quantile after which a second attempt is made, as written: <c>p95</c>.</param>
/// <param name="AfterSeconds">That quantile now; null while too little is known, and nothing is hedged.</param>
/// <param name="Made">Second attempts since the start.</param>
/// <param name="Won">Those whose answer came first.</param>
public sealed record HedgeStatus(
    string At,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? AfterSeconds,
    long Made,
    long Won);

/// <param name="Service">Whose it is.</param>
/// <param name="Address">Host and port.</param>
/// <param name="State">ready · ejected · unreachable.</param>
/// <param name="InFlight">Requests on it now.</param>
/// <param name="Reason">Why it gets nothing; null when it does.</param>
public sealed record UpstreamStatus(
    string Service,
    string Address,
    string State,
    int InFlight,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Reason);

/// <param name="At">When.</param>
/// <param name="Subject">A service, route or upstream.</param>
/// <param name="What">What changed, with its cause and numbers.</param>
public sealed record EdgeEvent([property: JsonConverter(typeof(UtcSeconds))] DateTimeOffset At, string Subject, string What);

/// <param name="Name">The service's name.</param>
/// <param name="Release">The current release; 0 before the first.</param>
/// <param name="Replicas">In the order of their names; empty for a service that someone else runs.</param>
/// <param name="Urls">For a service that someone else runs.</param>
/// <param name="Rollout">What a rollout is doing now, or why the last one failed; null: nothing to say.</param>
public sealed record ServiceStatus(
    string Name,
    int Release,
    IReadOnlyList<ReplicaStatus> Replicas,
    IReadOnlyList<string>? Urls = null,
    string? Rollout = null);

/// <param name="Name">Such as <c>web-1</c>.</param>
/// <param name="Pid">The replica's own process; null when none runs.</param>
/// <param name="Address">Where it listens; null for a worker.</param>
/// <param name="State">starting · ready · ejected · draining · stopping · crashed.</param>
/// <param name="Release">The release it runs.</param>
/// <param name="Since">When it entered this state.</param>
/// <param name="Restarts">Starts after the first.</param>
/// <param name="Reason">Why it is in this state; null when nothing is to be said.</param>
/// <param name="InFlight">Requests on it now.</param>
/// <param name="MemoryBytes">Proportional set size of its tree; null when unknown.</param>
/// <param name="LastLines">Its last output when it crashed; null otherwise.</param>
public sealed record ReplicaStatus(
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Pid,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Address,
    string State,
    int Release,
    [property: JsonConverter(typeof(UtcSeconds))] DateTimeOffset Since,
    int Restarts,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Reason,
    int InFlight,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? MemoryBytes,
    IReadOnlyList<string>? LastLines = null);
