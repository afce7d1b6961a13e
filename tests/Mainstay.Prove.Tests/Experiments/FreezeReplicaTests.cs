using Mainstay.Prove.Experiments;

namespace Mainstay.Prove.Tests.Experiments;

public sealed class FreezeReplicaTests
{
    [Fact]
    public void All_are_asked_alike_where_no_objective_is_longer_than_a_second()
    {
        var claim = Assert.Single(FreezeReplica.AnsweredInTime(Specs.Scope("""
            services: { web: node app.js }
            routes:
              - { path: /, service: web, objective: { latency: { p99: 100ms } } }
              - { path: /work, service: web }
            """), "web"));
        Assert.Equal(("from 3 s on no new request waits longer than 1 s", "default", "load idempotent service:web", 1, 299),
            (claim.Text, claim.From, claim.Words["streams"], claim.Numbers["seconds"], claim.Numbers["least"]));
    }

    [Fact]
    public void A_route_that_may_be_slow_does_not_excuse_the_others()
    {
        var claims = FreezeReplica.AnsweredInTime(Specs.Scope("""
            services: { web: node app.js, api: node api.js }
            routes:
              - { path: /, service: web }
              - { path: /api, service: api, objective: { latency: { p99: 9s } } }
              - { path: /report, service: web, objective: { latency: { p99: 5s } } }
              - { path: /work, service: web, exercise: [GET /work, POST /work] }
            """), "web").ToList();
        Assert.Equal(
            [
                ("from 3 s on no new request of GET /, GET /work waits longer than 1 s", "default", "#0,3", 200),
                ("from 3 s on no new request of GET /report waits longer than 5 s", "routes[2].objective.latency.p99", "#2", 100),
            ],
            claims.Select(claim => (claim.Text, claim.From, claim.Words["streams"], claim.Numbers["least"])));
    }
}
