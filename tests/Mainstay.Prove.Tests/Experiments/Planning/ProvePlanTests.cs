using Mainstay.Prove.Experiments;
using Mainstay.Prove.Experiments.Planning;

namespace Mainstay.Prove.Tests.Experiments.Planning;

public sealed class ProvePlanTests
{
    private const string Hello = """
        services: { web: { command: node server.js, replicas: 2 } }
        """;

    [Fact]
    public void Ten_minutes_are_enough_for_all_that_applies_to_a_small_application()
    {
        var plan = ProvePlan.Of(Specs.Scope(Hello), Catalogue.All, [], TimeSpan.FromMinutes(10));
        Assert.Empty(plan.Left);
        Assert.Equal("baseline", plan.Runs[0].Title);
        Assert.Contains(plan.Runs, run => run.Title == "kill-replica web");
        Assert.True(plan.Length <= TimeSpan.FromMinutes(10), $"{plan.Length}");
    }

    [Fact]
    public void What_the_budget_does_not_allow_is_named()
    {
        var plan = ProvePlan.Of(Specs.Scope(Hello), Catalogue.All, [], TimeSpan.FromSeconds(70));
        Assert.Equal("baseline", Assert.Single(plan.Runs).Title);
        Assert.NotEmpty(plan.Left);
    }

    [Fact]
    public void Only_what_is_asked_for_is_run_and_what_does_not_apply_is_said()
    {
        var plan = ProvePlan.Of(Specs.Scope(Hello), Catalogue.All, ["kill-all", "dependency-down"], TimeSpan.FromMinutes(10));
        Assert.Equal("kill-all", Assert.Single(plan.Runs).Title);
        Assert.Equal("dependency-down", Assert.Single(plan.Refused).What);
    }

    [Fact]
    public void A_dependency_out_of_reach_is_named_with_the_remedy()
    {
        var scope = Specs.Scope("""
            services: { web: { command: node server.js, needs: { store: required } } }
            dependencies: { store: { url: "http://store.example:9000", variable: STORE_URL } }
            """);
        var refused = ProvePlan.Of(scope, Catalogue.All, ["dependency-down"], TimeSpan.FromMinutes(10)).Refused;
        Assert.Contains("--allow store", Assert.Single(refused).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_replica_is_not_frozen_since_nobody_could_take_over()
    {
        var plan = ProvePlan.Of(Specs.Scope("services: { web: node server.js }"), Catalogue.All, [], TimeSpan.FromMinutes(10));
        Assert.DoesNotContain(plan.Runs, run => run.Experiment is FreezeReplica);
        Assert.Contains(plan.Runs, run => run.Experiment is KillReplica);
    }

    [Fact]
    public void Names_are_unique() => Assert.Distinct(Catalogue.All.Select(experiment => experiment.Name));
}
