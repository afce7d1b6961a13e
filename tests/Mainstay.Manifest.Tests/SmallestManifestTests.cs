using System.Net;
using Mainstay.Manifest.Model;

namespace Mainstay.Manifest.Tests;

public sealed class SmallestManifestTests
{
    [Fact]
    public void A_name_and_a_command_are_enough_and_give_the_documented_defaults()
    {
        var result = TestManifest.Read("services:\n  web: node server.js\n");

        Assert.Equal("", TestManifest.Lines(result));
        var manifest = result.Manifest!;
        Assert.Equal([new ListenSpec("http://127.0.0.1:8080", IPAddress.Loopback, 8080)], manifest.Edge.Listen);
        Assert.Equal(new EdgeLimitsSpec(30 << 20, 32 << 10, 10_000, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(75)), manifest.Edge.Limits);
        Assert.Equal(TimeSpan.FromSeconds(1), manifest.Edge.LameDuck);
        Assert.Empty(manifest.Edge.TrustedProxies);

        var service = Assert.Single(manifest.Services);
        Assert.Equal("web", service.Name);
        Assert.Equal(["node", "server.js"], service.Command);
        Assert.Equal(manifest.Directory, service.Directory);
        Assert.Equal(new PortSpec(PortKind.Auto), service.Port);
        Assert.Equal(1, service.Replicas);
        Assert.Equal(UpstreamProtocol.Http, service.Protocol);
        Assert.Equal(InheritKind.All, service.Inherit.Kind);
        Assert.Equal(new HealthSpec(null, null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), 3, TimeSpan.FromSeconds(30)), service.Health);
        Assert.Equal(new StopSpec("SIGTERM", TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(10)), service.Stop);
        Assert.Null(service.Memory);
        Assert.Null(service.EnvironmentFile);
        Assert.Empty(service.Deploy.Build);
        Assert.Null(service.Deploy.Artifact);
        Assert.Equal(TimeSpan.FromSeconds(3), service.Deploy.ReadyFor);
        Assert.True(service.Deploy.Overlap);
        Assert.Empty(service.Needs);
        Assert.False(service.IsExternal);

        var route = Assert.Single(manifest.Routes);
        Assert.Equal("/**", route.Path);
        Assert.Equal("web", route.Service);
        Assert.Empty(route.Methods);
        Assert.Equal(TimeSpan.FromSeconds(30), route.Timeout);
        Assert.Null(route.AttemptTimeout);
        Assert.Equal(TimeSpan.FromSeconds(60), route.IdleTimeout);
        Assert.Equal(2, route.Retries);
        Assert.Equal(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"], route.Idempotent);
        Assert.Equal(30 << 20, route.BodyLimit);
        Assert.Equal(new ObjectiveSpec(0.999, TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)), route.Objective);
        Assert.Equal(0, route.Line);
    }

    [Fact]
    public void A_command_alone_gives_one_service_named_after_the_folder()
    {
        using var place = new TestManifest();
        var folder = Directory.CreateDirectory(Path.Combine(place.Folder, "My App")).FullName;

        var result = ManifestReader.ForCommand(folder, ["python3", "-m", "http.server", "{port}"], replicas: 2);

        Assert.Empty(result.Findings);
        var service = Assert.Single(result.Manifest!.Services);
        Assert.Equal("my-app", service.Name);
        Assert.Equal("My App", result.Manifest.Name);
        Assert.Equal(["python3", "-m", "http.server", "{port}"], service.Command);
        Assert.Equal(2, service.Replicas);
        Assert.Equal(folder, service.Directory);
        Assert.Equal("my-app", Assert.Single(result.Manifest.Routes).Service);
        Assert.Null(result.Manifest.File);
    }

    [Fact]
    public void An_empty_command_or_an_absurd_number_of_replicas_is_refused()
    {
        using var place = new TestManifest();

        var result = ManifestReader.ForCommand(place.Folder, [], replicas: 0);

        Assert.Null(result.Manifest);
        Assert.Equal(
            "command line: 0 replicas are out of range; allowed are 1 to 100\ncommand line: there is no command; write it behind `--`, such as: mainstay up -- node server.js",
            TestManifest.Lines(result));
    }
}
