using Mainstay.Manifest.Model;

namespace Mainstay.Manifest.Tests;

public sealed class CompleteManifestTests
{
    private const string Everything = """
        name: shop
        edge:
          listen: http://127.0.0.1:8080
          trusted_proxies: [10.0.0.0/8]
          limits: { body: 30MiB, headers: 32KiB, connections: 10000, header_timeout: 15s, idle_timeout: 75s }
          lame_duck: 1s
        defaults:
          route: { timeout: 10s }
        services:
          web:
            command: dotnet Shop.dll
            directory: .
            port: auto
            replicas: 2
            protocol: http
            environment: { NODE_ENV: production, GREETING: "${GREETING:-hi}" }
            env_file: .env
            inherit_environment: true
            health: { ready: /readyz, live: /livez, interval: 2s, timeout: 1s, failures: 3, start: 30s }
            stop: { signal: SIGTERM, drain: 30s, grace: 10s }
            memory: 512MiB
            deploy:
              build: dotnet publish -c Release -o out
              artifact: out
              before: npm run migrate
              ready_for: 3s
              overlap: true
            needs: { database: required, payments: optional }
          legacy:
            urls: [http://10.0.0.7:8080]
        dependencies:
          database:
            url: postgres://shop@127.0.0.1:5432/shop
            variable: DATABASE_URL
            prove: postgres://shop@127.0.0.1:5433/shop_test
          payments: { url: https://payments.example }
        routes:
          - path: /api/orders/**
            host: shop.example
            methods: [GET, POST]
            service: web
            strip_prefix: /api
            headers: { request: { X-Tenant: a }, response: { Cache-Control: no-store, X-Powered-By: null } }
            timeout: 30s
            attempt_timeout: 5s
            idle_timeout: 60s
            retries: 2
            idempotent: [GET, HEAD, OPTIONS, PUT, DELETE]
            limits: { body: 1MiB }
            exercise: GET /api/orders/1 -> 200
            uses: [database]
            hedge: p95
            objective: { availability: 99.9%, latency: { p99: 250ms }, window: 30d }
          - { path: /old/**, redirect: "/new/{rest}" }
          - { path: /**, service: legacy }
        """;

    [Fact]
    public void Every_key_that_works_is_read_into_the_records()
    {
        using var place = new TestManifest(Everything);
        File.WriteAllText(Path.Combine(place.Folder, ".env"), "A=1\n");

        var result = place.Read();

        Assert.Equal("", TestManifest.Lines(result));
        Assert.Equal(["GREETING"], result.Variables);
        var manifest = result.Manifest!;
        Assert.Equal("shop", manifest.Name);
        Assert.Equal(place.Folder, manifest.Directory);
        Assert.Equal(place.File, manifest.File);
        Assert.Equal(["10.0.0.0/8"], manifest.Edge.TrustedProxies.Select(network => network.ToString()));

        var web = manifest.FindService("web")!;
        Assert.Equal("hi", web.Environment["GREETING"]);
        Assert.Equal(Path.Combine(place.Folder, ".env"), web.EnvironmentFile);
        Assert.Equal(new HealthSpec("/readyz", "/livez", TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), 3, TimeSpan.FromSeconds(30)), web.Health);
        Assert.Equal(512 << 20, web.Memory);
        Assert.Equal(["dotnet", "publish", "-c", "Release", "-o", "out"], web.Deploy.Build);
        Assert.Equal(Path.Combine(place.Folder, "out"), web.Deploy.Artifact);
        Assert.Equal(["npm", "run", "migrate"], web.Deploy.Before);
        Assert.Equal([new NeedSpec("database", false), new NeedSpec("payments", true)], web.Needs);
        Assert.Equal([new Uri("http://10.0.0.7:8080")], manifest.FindService("legacy")!.Urls);
        Assert.True(manifest.FindService("legacy")!.IsExternal);
        Assert.Equal(new DependencySpec("database", "postgres://shop@127.0.0.1:5432/shop", "DATABASE_URL", "postgres://shop@127.0.0.1:5433/shop_test"), manifest.Dependencies[0]);

        var orders = manifest.Routes[0];
        Assert.Equal(("/api/orders/**", "shop.example", "web", "/api"), (orders.Path, orders.Host, orders.Service, orders.StripPrefix));
        Assert.Equal("a", orders.RequestHeaders["x-tenant"]);
        Assert.Null(orders.ResponseHeaders["X-Powered-By"]);
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5)), (orders.Timeout, orders.AttemptTimeout));
        Assert.Equal(1 << 20, orders.BodyLimit);
        var exercise = Assert.Single(orders.Exercise);
        Assert.Equal(("GET", "/api/orders/1", 200), (exercise.Method, exercise.Path, exercise.ExpectedStatus));
        Assert.Equal(["database"], orders.Uses);
        Assert.Equal(new HedgeSpec(0.95, "p95"), orders.Hedge);
        Assert.Equal(0.999, orders.Objective.Availability, 6);
        Assert.Equal(TimeSpan.FromMilliseconds(250), orders.Objective.LatencyP99);
        Assert.Equal(1 + Array.FindIndex(Everything.Split('\n'), line => line.Contains("path: /api/orders", StringComparison.Ordinal)), orders.Line);
        Assert.Equal(("/new/{rest}", null), (manifest.Routes[1].Redirect, manifest.Routes[1].Service));
        Assert.Equal(TimeSpan.FromSeconds(10), manifest.Routes[2].Timeout);
    }

    [Fact]
    public void A_short_health_path_is_both_readiness_and_liveness()
    {
        var result = TestManifest.Read("services: { web: { command: node x, health: /healthz } }");

        Assert.Equal(("/healthz", "/healthz"), (result.Manifest!.Services[0].Health.Ready, result.Manifest.Services[0].Health.Live));
    }

    [Fact]
    public void A_fixed_port_makes_the_old_replica_end_first()
    {
        var result = TestManifest.Read("services: { web: { command: node x, port: 3000 } }");

        Assert.Empty(result.Findings);
        Assert.Equal(new PortSpec(PortKind.Fixed, 3000), result.Manifest!.Services[0].Port);
        Assert.False(result.Manifest.Services[0].Deploy.Overlap);
    }

    [Fact]
    public void Workers_alone_need_no_route()
    {
        var result = TestManifest.Read("services: { jobs: { command: node jobs.js, port: none, replicas: 3 } }");

        Assert.Empty(result.Findings);
        Assert.Empty(result.Manifest!.Routes);
    }

    [Fact]
    public void An_exercise_may_be_a_list_of_texts_and_mappings()
    {
        var result = TestManifest.Read("""
            services: { web: node x }
            routes:
              - path: /**
                service: web
                exercise:
                  - GET /a?b=c -> 404
                  - { method: POST, path: /b, headers: { Content-Type: application/json }, body: "{}", expect: 201 }
            """);

        Assert.Empty(result.Findings);
        var exercises = result.Manifest!.Routes[0].Exercise;
        Assert.Equal(("GET", "/a?b=c", 404), (exercises[0].Method, exercises[0].Path, exercises[0].ExpectedStatus));
        Assert.Equal(("POST", "/b", "{}", 201), (exercises[1].Method, exercises[1].Path, exercises[1].Body, exercises[1].ExpectedStatus));
        Assert.Equal("application/json", exercises[1].Headers["content-type"]);
    }
}
