using System.Collections.Immutable;
using System.Net;
using Mainstay.Cli.Composition;
using Mainstay.Cli.State;
using Mainstay.Manifest.Model;

namespace Mainstay.Cli.Tests.Composition;

public sealed class DeployScopeTests
{
    [Fact]
    public void Without_names_a_deploy_leads_to_the_manifest_as_written()
    {
        var written = Manifest([8081], ["web", "new"]);
        Assert.Same(written, DeployScope.Target(Manifest([8080], ["web", "old"]), written, []));
    }

    [Fact]
    public void With_names_everything_else_stays_as_it_runs()
    {
        var running = Manifest([8080], ["web", "api", "gone"]);
        var written = Manifest([8081], ["web", "api", "new"], replicas: 3);
        var target = DeployScope.Target(running, written, ["api", "new"]);
        Assert.Equal([("web", 1), ("api", 3), ("gone", 1), ("new", 3)], target.Services.Select(service => (service.Name, service.Replicas)));
        Assert.Equal(["/web", "/gone", "/api", "/new"], target.Routes.Select(route => route.Path));
        Assert.Equal([8080], target.Edge.Listen.Select(listen => listen.Port));
    }

    [Fact]
    public void A_named_service_that_is_gone_from_the_manifest_goes()
    {
        var target = DeployScope.Target(Manifest([8080], ["web", "gone"]), Manifest([8080], ["web"]), ["gone"]);
        Assert.Equal(["web"], target.Services.Select(service => service.Name));
        Assert.Equal(["/web"], target.Routes.Select(route => route.Path));
    }

    [Fact]
    public void A_route_that_moves_to_a_named_service_is_there_once()
    {
        var written = Manifest([8080], ["web", "api"]);
        written = written with { Routes = [written.Routes[0] with { Service = "api" }] };
        var target = DeployScope.Target(Manifest([8080], ["web", "api"]), written, ["api"]);
        Assert.Equal([("/web", "api")], target.Routes.Select(route => (route.Path, route.Service)));
    }

    [Fact]
    public void An_unknown_name_is_wrong_usage()
    {
        var failure = Assert.Throws<CommandFailure>(() => DeployScope.Target(Manifest([8080], ["web"]), Manifest([8080], ["web"]), ["wbe"]));
        Assert.Equal("there is no service 'wbe'; known are: web", failure.Message);
        Assert.Equal(ExitCodes.Usage, failure.Exit);
    }

    [Fact]
    public void On_the_way_the_edge_has_the_services_and_listeners_of_before_and_after_and_the_routes_of_before()
    {
        var passage = DeployScope.Passage(Manifest([8080, 8081], ["web", "old"]), Manifest([8081, 8082], ["web", "new"], replicas: 3));
        Assert.Equal(["web", "old", "new"], passage.Services.Select(service => service.Name));
        Assert.Equal(["/web", "/old"], passage.Routes.Select(route => route.Path));
        Assert.Equal([8080, 8081, 8082], passage.Edge.Listen.Select(listen => listen.Port));
    }

    [Fact]
    public void A_listener_that_cannot_be_bound_beside_the_old_one_waits_until_that_goes()
    {
        var running = Manifest([8080], ["web"]);
        var target = running with { Edge = running.Edge with { Listen = [new("http://0.0.0.0:8080", IPAddress.Any, 8080)] } };
        Assert.Equal(["http://127.0.0.1:8080"], DeployScope.Passage(running, target).Edge.Listen.Select(listen => listen.Url));
    }

    private static ManifestSpec Manifest(int[] ports, string[] services, int replicas = 1) => new(
        "shop",
        "/shop",
        "/shop/mainstay.yaml",
        new([.. ports.Select(port => new ListenSpec($"http://127.0.0.1:{port}", IPAddress.Loopback, port))], [], new(1, 1, 1, TimeSpan.Zero, TimeSpan.Zero), TimeSpan.Zero),
        [.. services.Select(name => Service(name, replicas))],
        [],
        [.. services.Select(Route)]);

    private static ServiceSpec Service(string name, int replicas) => new(
        name,
        ["run"],
        "/shop",
        new(PortKind.Auto),
        replicas,
        UpstreamProtocol.Http,
        ImmutableSortedDictionary<string, string>.Empty,
        null,
        new(InheritKind.All, []),
        new(null, null, TimeSpan.Zero, TimeSpan.Zero, 3, TimeSpan.Zero),
        new("SIGTERM", TimeSpan.Zero, TimeSpan.Zero),
        null,
        new([], null, [], TimeSpan.Zero, true),
        [],
        []);

    private static RouteSpec Route(string service) => new(
        $"/{service}",
        null,
        [],
        service,
        null,
        null,
        ImmutableSortedDictionary<string, string?>.Empty,
        ImmutableSortedDictionary<string, string?>.Empty,
        TimeSpan.Zero,
        null,
        TimeSpan.Zero,
        0,
        [],
        0,
        [],
        [],
        new(0.999, TimeSpan.Zero, TimeSpan.Zero),
        0);
}
