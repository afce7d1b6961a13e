using Mainstay.Manifest.Model;

namespace Mainstay.Manifest.Tests.Reading;

public sealed class DefaultsTests
{
    [Fact]
    public void Defaults_reach_every_service_and_route_key_by_key()
    {
        var manifest = Read("""
            defaults:
              service: { replicas: 2, stop: { drain: 40s, grace: 3s }, environment: { A: 1, B: 2 }, health: /healthz }
              route: { retries: 0, headers: { response: { X-A: a } } }
            services:
              web: node web.js
              api: { command: node api.js, replicas: 3, stop: { drain: 50s }, environment: { B: 3 } }
              jobs: { command: node jobs.js, port: none }
              legacy: { urls: [http://10.0.0.7] }
            routes:
              - { path: /**, service: web }
              - { path: /api/**, service: api, retries: 1 }
              - { path: /legacy/**, service: legacy, headers: { response: { X-B: b } } }
            """);

        Assert.Equal([2, 3, 2, 1], manifest.Services.Select(service => service.Replicas));
        Assert.Equal((TimeSpan.FromSeconds(50), TimeSpan.FromSeconds(3)), (manifest.Services[1].Stop.Drain, manifest.Services[1].Stop.Grace));
        Assert.Equal(["1", "3"], manifest.Services[1].Environment.Values);
        Assert.Equal(["/healthz", "/healthz", null, null], manifest.Services.Select(service => service.Health.Ready));
        Assert.Equal([0, 1, 0], manifest.Routes.Select(route => route.Retries));
        Assert.Equal(["X-A", "X-B"], manifest.Routes[2].ResponseHeaders.Keys);
    }

    [Fact]
    public void Defaults_reach_the_route_that_nobody_wrote() =>
        Assert.Equal(5, Read("defaults: { route: { retries: 5 } }\nservices: { web: node x }").Routes[0].Retries);

    [Fact]
    public void Anchors_aliases_and_merges_work()
    {
        var manifest = Read("""
            services:
              web: &web
                command: node web.js
                replicas: 2
                stop: &stop { grace: 3s }
              api:
                <<: *web
                command: node api.js
              jobs:
                <<: [{ port: none }, *web]
                stop: *stop
            routes: [{ path: /**, service: web }, { path: /api, service: api }]
            """);

        Assert.Equal([2, 2, 2], manifest.Services.Select(service => service.Replicas));
        Assert.Equal("api.js", manifest.Services[1].Command[1]);
        Assert.Equal(PortKind.None, manifest.Services[2].Port.Kind);
        Assert.All(manifest.Services, service => Assert.Equal(TimeSpan.FromSeconds(3), service.Stop.Grace));
    }

    private static ManifestSpec Read(string text)
    {
        var result = TestManifest.Read(text);
        Assert.Equal("", TestManifest.Lines(result));
        return result.Manifest!;
    }

    [Theory]
    [InlineData("routes: [{ path: /**, service: web, uses: [] }]", "")]
    [InlineData("routes: [{ path: /**, service: web }]\ndefaults: { route: { uses: [] } }", "")]
    [InlineData("defaults: { route: { uses: [] } }", "")]
    [InlineData("routes: [{ path: /**, service: web, uses: [cache] }]\ndefaults: { route: { uses: [] } }", "cache")]
    [InlineData("routes: [{ path: /**, service: web }]", "database cache")]
    [InlineData("", "database cache")]
    public void A_route_uses_what_is_written_even_if_that_is_nothing_and_else_what_its_service_needs(string text, string uses)
    {
        var result = TestManifest.Read($$"""
            services: { web: { command: node server.js, needs: { database: required, cache: optional } } }
            dependencies: { database: { url: postgres://127.0.0.1:5432/shop }, cache: { url: https://cache.example } }
            {{text}}
            """);

        Assert.Equal("", TestManifest.Lines(result));
        Assert.Equal(uses, string.Join(' ', Assert.Single(result.Manifest!.Routes).Uses));
    }
}
