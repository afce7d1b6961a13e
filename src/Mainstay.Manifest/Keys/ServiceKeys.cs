using System.Collections.Immutable;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Shapes;

namespace Mainstay.Manifest.Keys;

/// <summary>The keys of a service.</summary>
internal static class ServiceKeys
{
    public const int MostReplicas = 100;

    private static readonly string[] SignalNames =
        ["SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGWINCH", "SIGALRM", "SIGABRT", "SIGKILL"];

    public static readonly Field<ImmutableArray<string>> Command = new("command", new CommandShape(),
        "Program and arguments: a text split as a shell splits words (without a shell), or a list. {port} stands for the replica's port.", []);

    public static readonly Field<string> Directory = new("directory", Folders.Path("a folder such as ./api"),
        "Working directory, relative to the manifest.", ".", "\".\"");

    public static readonly Field<PortSpec> Port = new("port", ServiceShapes.Port,
        "auto: a free loopback port given in PORT; a number if the app insists on it (then one replica); none for a worker.", new(PortKind.Auto), "\"auto\"");

    public static readonly Field<int> Replicas = new("replicas", Scalars.Integer(1, MostReplicas, ServiceShapes.ParseReplicas),
        "How many copies run.", 1, "1");

    public static readonly Field<UpstreamProtocol> Protocol = new("protocol",
        Scalars.Choice(("http", UpstreamProtocol.Http), ("h2c", UpstreamProtocol.H2c)),
        "What the app speaks: HTTP/1.1, or HTTP/2 without TLS (gRPC).", UpstreamProtocol.Http, "\"http\"");

    public static readonly Field<ImmutableArray<Named<string>>> Environment = new("environment",
        new MapShape<string>(Scalars.AnyText, "{ NODE_ENV: production }", ServiceShapes.CheckVariable),
        "Environment variables, over those of env_file.", []);

    public static readonly Field<string> EnvironmentFile = new("env_file", Folders.Path("a file such as .env"),
        "File of NAME=value lines, relative to the manifest.", null!);

    public static readonly Field<InheritSpec> Inherit = new("inherit_environment", ServiceShapes.Inherit,
        "Which of Mainstay's own variables a replica gets: true for all; false for PATH, HOME, USER, LANG, LC_*, TZ and TMPDIR; or further names.",
        new(InheritKind.All, []), "true");

    public static readonly Field<string> Ready = new("ready", ServiceShapes.HealthPath,
        "Path answered with 2xx when ready; default: the port accepts connections.", null!);

    public static readonly Field<string> Live = new("live", ServiceShapes.HealthPath,
        "Path answered with 2xx when alive; default: the process exists.", null!);

    public static readonly Field<TimeSpan> Interval = new("interval", Scalars.Duration(TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
        "Between probes once ready (100ms while starting).", TimeSpan.FromSeconds(1), "\"1s\"");

    public static readonly Field<TimeSpan> ProbeTimeout = new("timeout", Scalars.Duration(TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
        "Of one probe.", TimeSpan.FromSeconds(1), "\"1s\"");

    public static readonly Field<int> Failures = new("failures", Scalars.Integer(1, 100),
        "Consecutive failures that count.", 3, "3");

    public static readonly Field<TimeSpan> Start = new("start", Scalars.Duration(TimeSpan.FromMilliseconds(100), Scalars.Day),
        "How long a replica may take until it is ready.", TimeSpan.FromSeconds(30), "\"30s\"");

    public static readonly Field<Section> Health = new("health",
        new SectionShape(new([Ready, Live, Interval, ProbeTimeout, Failures, Start]), "a path such as /healthz, or a mapping such as { ready: /readyz }", "ready", "live"),
        "How to see that a replica is ready and alive: a path for both, or a mapping.", Section.Empty);

    public static readonly Field<string> Signal = new("signal", Scalars.Choice([.. SignalNames.Select(name => (name, name))]),
        "Sent to stop a replica.", "SIGTERM", "\"SIGTERM\"");

    public static readonly Field<TimeSpan> Drain = new("drain", Scalars.Duration(TimeSpan.Zero, Scalars.Day),
        "For requests in flight once traffic is off.", TimeSpan.FromSeconds(20), "\"20s\"");

    public static readonly Field<TimeSpan> Grace = new("grace", Scalars.Duration(TimeSpan.Zero, Scalars.Day),
        "From the signal to SIGKILL.", TimeSpan.FromSeconds(10), "\"10s\"");

    public static readonly Field<Section> Stop = new("stop",
        new SectionShape(new([Signal, Drain, Grace]), "a mapping such as { drain: 20s }"),
        "How a replica is stopped.", Section.Empty);

    public static readonly Field<long> Memory = new("memory", Scalars.Size(1 << 20, 1L << 44),
        "A replica that reaches 90 % of this is replaced; default: not watched.");

    public static readonly Field<ImmutableArray<string>> Build = new("build", new CommandShape(),
        "Run in the service's folder before the first start and at every deploy.", []);

    public static readonly Field<string> Artifact = new("artifact", Folders.Path("a folder such as out"),
        "What a release is: this file or folder, relative to the service's folder, is kept as a snapshot and run from there; default: run in place.", null!);

    public static readonly Field<ImmutableArray<string>> Before = new("before", new CommandShape(),
        "Run once per release before any new replica; its failure stops the deploy.", []);

    public static readonly Field<TimeSpan> ReadyFor = new("ready_for", Scalars.Duration(TimeSpan.Zero, TimeSpan.FromHours(1)),
        "How long a new replica must stay ready before an old one goes.", TimeSpan.FromSeconds(3), "\"3s\"");

    public static readonly Field<bool> Overlap = new("overlap", Scalars.Boolean,
        "false: the old replica ends before the new one starts, and requests wait at the edge meanwhile. A fixed port implies false.", true, "true");

    public static readonly Field<Section> Deploy = new("deploy",
        new SectionShape(new([Build, Artifact, Before, ReadyFor, Overlap]), "a mapping such as { build: make }"),
        "How releases are made.", Section.Empty);

    public static readonly Field<ImmutableArray<Named<bool>>> Needs = new("needs",
        new MapShape<bool>(Scalars.Choice(("required", false), ("optional", true)), "{ database: required }", _ => null),
        "Dependencies by name: required, or optional if the service must keep serving without it.", []);

    public static readonly Field<ImmutableArray<Uri>> Urls = new("urls",
        new ListShape<Uri>(Addresses.Upstream, "[http://10.0.0.7:8080]", orOne: true),
        "A service that someone else runs: where it answers.", []);

    public static readonly SectionShape Shape = new(
        new([Command, Directory, Port, Replicas, Protocol, Environment, EnvironmentFile, Inherit, Health, Stop, Memory, Deploy, Needs, Urls], "secrets", "user"),
        "a command such as node server.js, or a mapping", "command");

    /// <summary>Keys that make sense for a service that someone else runs.</summary>
    public static readonly Field[] ForUrls = [Urls, Protocol, Needs];

    public static ServiceSpec ToSpec(string name, Section service, string directory)
    {
        var folder = Folders.Resolve(directory, service.Get(Directory));
        var health = service.Sub(Health);
        var stop = service.Sub(Stop);
        var deploy = service.Sub(Deploy);
        var port = service.Get(Port);
        return new(
            name,
            service.Get(Command),
            folder,
            port,
            service.Get(Replicas),
            service.Get(Protocol),
            service.Get(Environment).ToImmutableSortedDictionary(variable => variable.Name, variable => variable.Value, StringComparer.Ordinal),
            service.TryGet(EnvironmentFile, out var file) ? Folders.Resolve(directory, file) : null,
            service.Get(Inherit),
            new(health.Get(Ready), health.Get(Live), health.Get(Interval), health.Get(ProbeTimeout), health.Get(Failures), health.Get(Start)),
            new(stop.Get(Signal), stop.Get(Drain), stop.Get(Grace)),
            service.GetOrNull(Memory),
            new(deploy.Get(Build),
                deploy.TryGet(Artifact, out var artifact) ? Folders.Resolve(folder, artifact) : null,
                deploy.Get(Before),
                deploy.Get(ReadyFor),
                deploy.IsWritten(Overlap) ? deploy.Get(Overlap) : port.Kind != PortKind.Fixed),
            [.. service.Get(Needs).Select(need => new NeedSpec(need.Name, need.Value))],
            service.Get(Urls));
    }
}
