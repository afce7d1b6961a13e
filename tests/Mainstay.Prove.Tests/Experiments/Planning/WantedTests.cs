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

    [Fact]
    public void A_budget_for_nothing_says_how_much_it_takes()
    {
        Assert.Matches(@"^--budget 10s allows no experiment: .+, the shortest, takes (\d+) s with the start; give at least --budget \1s\. Nothing was started$", TooLittle(10));
        Assert.StartsWith("--budget 22.5s allows no experiment: kill-all, the only one, takes", TooLittle(22.5, "kill-all"), StringComparison.Ordinal);
        Assert.Null(TooLittle(600));
        Assert.Null(TooLittle(10, "dependency-down"));
        var least = int.Parse(System.Text.RegularExpressions.Regex.Match(TooLittle(10)!, @"takes (\d+) s").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.NotNull(TooLittle(least - 1));
        Assert.Null(TooLittle(least));
    }

    private static string? TooLittle(double seconds, params string[] only)
    {
        var budget = TimeSpan.FromSeconds(seconds);
        return Wanted.TooLittle(budget, ProvePlan.Of(Hello, Catalogue.All, only, budget));
    }

    private static string? Problem(params string[] only) =>
        Wanted.NothingToDo(only, ProvePlan.Of(Hello, Catalogue.All, only, TimeSpan.FromMinutes(10)), []);
}
