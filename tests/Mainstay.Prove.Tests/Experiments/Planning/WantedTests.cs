using Mainstay.Prove.Experiments;
using Mainstay.Prove.Experiments.Planning;

namespace Mainstay.Prove.Tests.Experiments.Planning;

public sealed class WantedTests
{
    private static readonly Scope Hello = Specs.Scope("services: { web: node server.js }");

    [Fact]
    public void An_unknown_name_gets_the_nearest_or_all_of_them()
    {
        Assert.Null(Wanted.UnknownName(["kill-all", "baseline"], Catalogue.All));
        Assert.Contains("did you mean kill-all?", Wanted.UnknownName(["kil-all"], Catalogue.All), StringComparison.Ordinal);
        Assert.Contains("there are: baseline, kill-replica,", Wanted.UnknownName(["something"], Catalogue.All), StringComparison.Ordinal);
    }

    [Fact]
    public void What_applies_to_nothing_is_said_in_one_line()
    {
        Assert.Equal(
            "nothing of what --only names can be run: dependency-down: it applies to dependencies that a service `needs`, and there are none",
            Problem("dependency-down"));
        Assert.Null(Problem("dependency-down", "kill-all"));
        Assert.Null(Problem());
    }

    private static string? Problem(params string[] only) =>
        Wanted.NothingToDo(only, ProvePlan.Of(Hello, Catalogue.All, only, TimeSpan.FromMinutes(10)), []);
}
