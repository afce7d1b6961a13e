using System.Collections.Immutable;
using System.Net;
using Mainstay.Manifest.Model;

namespace Mainstay.Edge.Tests;

/// <summary>Manifest records with every default, for tests.</summary>
internal static class Specs
{
    public static EdgeLimitsSpec Limits { get; } = new(30 << 20, 32 << 10, 10_000, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(75));

    public static ListenSpec AnyPort { get; } = new("http://127.0.0.1:0", IPAddress.Loopback, 0);

    public static EdgeSpec Edge(params ListenSpec[] listen) => new([.. listen.Length == 0 ? [AnyPort] : listen], [], Limits, TimeSpan.FromMilliseconds(100));

    public static RouteSpec Route(string path = "/**", string? service = "web") => new(
        path,
        Host: null,
        Methods: [],
        service,
        Redirect: null,
        StripPrefix: null,
        RequestHeaders: ImmutableSortedDictionary<string, string?>.Empty,
        ResponseHeaders: ImmutableSortedDictionary<string, string?>.Empty,
        Timeout: TimeSpan.FromSeconds(30),
        AttemptTimeout: null,
        IdleTimeout: TimeSpan.FromSeconds(60),
        Retries: 2,
        Idempotent: ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"],
        BodyLimit: 30 << 20,
        Exercise: [],
        Uses: [],
        new ObjectiveSpec(0.999, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)),
        Line: 0);

    public static ServiceSpec Service(string name = "web", UpstreamProtocol protocol = UpstreamProtocol.Http, params Uri[] urls) => new(
        name,
        Command: urls.Length > 0 ? [] : ["true"],
        Directory: "/",
        new PortSpec(PortKind.Auto),
        Replicas: 1,
        protocol,
        ImmutableSortedDictionary<string, string>.Empty,
        EnvironmentFile: null,
        new InheritSpec(InheritKind.All, []),
        new HealthSpec(null, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 3, TimeSpan.FromSeconds(30)),
        new StopSpec("SIGTERM", TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(10)),
        Memory: null,
        new DeploySpec([], null, [], TimeSpan.FromSeconds(3), Overlap: true),
        Needs: [],
        [.. urls]);

    public static ManifestSpec Manifest(EdgeSpec? edge = null, ImmutableArray<ServiceSpec> services = default, ImmutableArray<RouteSpec> routes = default) => new(
        "test",
        "/",
        File: null,
        edge ?? Edge(),
        services.IsDefault ? [Service()] : services,
        Dependencies: [],
        routes.IsDefault ? [Route()] : routes);
}
