using System.Collections.Immutable;

namespace Mainstay.Manifest.Model;

/// <summary>What a service's upstreams speak.</summary>
public enum UpstreamProtocol
{
    /// <summary>HTTP/1.1.</summary>
    Http,

    /// <summary>HTTP/2 without TLS, by prior knowledge (gRPC).</summary>
    H2c,
}

/// <summary>One service: either run from <see cref="Command"/> or, with <see cref="Urls"/>, run by someone else.</summary>
/// <param name="Name">Lower-case letters, digits and hyphens; unique.</param>
/// <param name="Command">Program and arguments; empty for a service with <see cref="Urls"/>. <c>{port}</c> stands for the port.</param>
/// <param name="Directory">Absolute path of the working directory.</param>
/// <param name="Port">Where replicas listen.</param>
/// <param name="Replicas">1 or more; default 1.</param>
/// <param name="Protocol">Default HTTP/1.1.</param>
/// <param name="Environment">Written variables, over those of <see cref="EnvironmentFile"/>; names in ordinal order.</param>
/// <param name="EnvironmentFile">Absolute path of <c>env_file</c>, read at each launch plan; null without one.</param>
/// <param name="Inherit">Which of Mainstay's own variables replicas receive; default all.</param>
/// <param name="Health">Readiness and liveness.</param>
/// <param name="Stop">How a replica is stopped.</param>
/// <param name="Memory">Bytes; a replica at 90 % of it is replaced. Null: not watched.</param>
/// <param name="Deploy">How releases are made.</param>
/// <param name="Needs">Dependencies by name.</param>
/// <param name="Urls">Upstreams that someone else runs; empty for a service of ours.</param>
public sealed record ServiceSpec(
    string Name,
    ImmutableArray<string> Command,
    string Directory,
    PortSpec Port,
    int Replicas,
    UpstreamProtocol Protocol,
    ImmutableSortedDictionary<string, string> Environment,
    string? EnvironmentFile,
    InheritSpec Inherit,
    HealthSpec Health,
    StopSpec Stop,
    long? Memory,
    DeploySpec Deploy,
    ImmutableArray<NeedSpec> Needs,
    ImmutableArray<Uri> Urls)
{
    /// <summary>Run by someone else: only the edge's half applies.</summary>
    public bool IsExternal => !Urls.IsDefaultOrEmpty;

    /// <summary>Whether requests can be sent to it.</summary>
    public bool HasPort => IsExternal || Port.Kind != PortKind.None;
}

public enum PortKind
{
    /// <summary>A free loopback port for each replica, given in <c>PORT</c>.</summary>
    Auto,

    /// <summary>The app insists on this port: one replica.</summary>
    Fixed,

    /// <summary>A worker: listens nowhere.</summary>
    None,
}

/// <param name="Kind">Default <see cref="PortKind.Auto"/>.</param>
/// <param name="Number">1–65535 when fixed, else 0.</param>
public sealed record PortSpec(PortKind Kind, int Number = 0);

public enum InheritKind
{
    /// <summary>All of Mainstay's environment.</summary>
    All,

    /// <summary>PATH, HOME, USER, LANG, LC_*, TZ and TMPDIR only.</summary>
    Minimal,

    /// <summary>The minimal set and the names listed.</summary>
    Listed,
}

public sealed record InheritSpec(InheritKind Kind, ImmutableArray<string> Names);

/// <param name="Ready">Path answered with 2xx when ready; null: the port accepts connections (a worker: the process exists).</param>
/// <param name="Live">Path answered with 2xx when live; null: the process exists.</param>
/// <param name="Interval">Between probes once ready; default 1 s (100 ms while starting).</param>
/// <param name="Timeout">Of one probe; default 1 s.</param>
/// <param name="Failures">Consecutive failures that count; default 3.</param>
/// <param name="Start">How long a replica may take until it is ready; default 30 s.</param>
public sealed record HealthSpec(string? Ready, string? Live, TimeSpan Interval, TimeSpan Timeout, int Failures, TimeSpan Start);

/// <param name="Signal">Name with the SIG prefix; default SIGTERM.</param>
/// <param name="Drain">For requests in flight once traffic is off; default 20 s.</param>
/// <param name="Grace">From the signal to SIGKILL; default 10 s.</param>
public sealed record StopSpec(string Signal, TimeSpan Drain, TimeSpan Grace);

/// <param name="Build">Command, empty for none; run in the service's directory.</param>
/// <param name="Artifact">Absolute path snapshotted as the release; null: run in place.</param>
/// <param name="Before">Command run once per release before any new replica; empty for none.</param>
/// <param name="ReadyFor">How long a new replica must stay ready before an old one goes; default 3 s.</param>
/// <param name="Overlap">False: the old replica ends before the new one starts; requests wait at the edge. Default true.</param>
public sealed record DeploySpec(
    ImmutableArray<string> Build,
    string? Artifact,
    ImmutableArray<string> Before,
    TimeSpan ReadyFor,
    bool Overlap);

/// <param name="Dependency">Its name.</param>
/// <param name="Optional">The service must keep serving without it.</param>
public sealed record NeedSpec(string Dependency, bool Optional);

/// <param name="Name">Unique among dependencies.</param>
/// <param name="Url">Where it is.</param>
/// <param name="Variable">Environment variable in which services that need it receive the url; null: none.</param>
/// <param name="Prove">The url that experiments may use instead; null: none.</param>
public sealed record DependencySpec(string Name, string Url, string? Variable, string? Prove);
