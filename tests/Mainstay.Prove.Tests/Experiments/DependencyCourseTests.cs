using Mainstay.Prove.Experiments;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Tests.Experiments;

public sealed class DependencyCourseTests
{
    private const string Shop = """
        dependencies: { store: { url: http://127.0.0.1:19101, variable: STORE_URL } }
        services: { web: { command: node app.js, needs: { store: required } } }
        routes:
          - { path: /, service: web, uses: [] }
        """;

    [Fact]
    public void Routes_with_the_same_timeout_are_one_claim() => Assert.Equal(
        [("each request that uses it is answered within 30 s, its route's timeout", "default", "load uses:store")],
        Claims("  - { path: /a, service: web }\n  - { path: /b, service: web }", EachWithin.Head));

    [Fact]
    public void Each_timeout_is_a_claim_of_its_own() => Assert.Equal(
        [
            ("each request of GET /a, GET /c is answered within 5 s, its route's timeout", "routes[1].timeout", "#1,3"),
            ("each request of GET /b is answered within 30 s, its route's timeout", "default", "#2"),
        ],
        Claims("  - { path: /a, service: web, timeout: 5s }\n  - { path: /b, service: web }\n  - { path: /c, service: web, timeout: 5s }", EachWithin.Head));

    [Fact]
    public void An_answer_in_full_may_take_as_long_as_its_objective_and_says_so()
    {
        const string routes = "  - { path: /a, service: web, timeout: 2s, objective: { latency: { p99: 5s } } }\n  - { path: /b, service: web, timeout: 5s }";
        Assert.Equal(
            [
                ("each request of GET /a is answered in full within 5 s, its route's p99 objective", "routes[1].objective.latency.p99", "#1"),
                ("each request of GET /b is answered in full within 5 s, its route's timeout", "routes[2].timeout", "#2"),
            ],
            Claims(routes, EachWithin.End));
        Assert.StartsWith("each request of GET /a is answered within 2 s", Claims(routes, EachWithin.Head).First().Text, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Text, string From, string Streams)> Claims(string routes, string measure) =>
        DependencyCourse.WithinTimeout(Scope(routes), "store", measure).Select(claim => (claim.Text, claim.From, claim.Words["streams"]));

    private static Scope Scope(string routes) => Specs.Scope($"{Shop}\n{routes}");
}
