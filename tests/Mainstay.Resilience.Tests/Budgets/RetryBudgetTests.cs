using FsCheck.Xunit;
using Mainstay.Resilience.Budgets;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.Budgets;

[Properties(Replay = Seed.OfProperties)]
public sealed class RetryBudgetTests
{
    [Fact]
    public void A_quiet_service_has_ten_retries_within_ten_seconds()
    {
        var budget = new RetryBudget();
        for (var i = 0; i < 10; i++)
            Assert.True(budget.TrySpend(1));
        Assert.False(budget.TrySpend(1));
        Assert.False(budget.TrySpend(10.9));
        Assert.True(budget.TrySpend(11));
    }

    [Property]
    public bool Never_more_than_a_fifth_and_the_floor(ushort requests)
    {
        var budget = new RetryBudget();
        for (var i = 0; i < requests; i++)
            budget.Earn(5);
        var spent = 0;
        while (budget.TrySpend(5))
            spent++;
        return spent <= 10 + (requests * 0.2) && spent >= 9 + (requests * 0.2);
    }

    [Property]
    public bool Any_ten_seconds_of_an_outage_stay_within_the_budget(long seed)
    {
        var dice = new Mainstay.Resilience.Chance.Dice(seed);
        var budget = new RetryBudget();
        var requests = new int[60];
        var retries = new int[60];
        for (var second = 0; second < 60; second++)
        {
            for (var i = dice.Below(50); i > 0; i--)
            {
                budget.Earn(second);
                requests[second]++;
                while (dice.Below(3) > 0 && budget.TrySpend(second))
                    retries[second]++;
            }
        }
        // Each retry was weighed against the ten seconds that ended with it.
        int InTen(int[] counts, int last) => counts[Math.Max(0, last - 9)..(last + 1)].Sum();
        return Enumerable.Range(0, 60).Where(second => retries[second] > 0)
            .All(second => InTen(retries, second) <= 10 + (0.2 * InTen(requests, second)) + 1e-9);
    }

    [Fact]
    public async Task Threads_that_spend_together_do_not_overspend()
    {
        var budget = new RetryBudget();
        for (var i = 0; i < 100; i++)
            budget.Earn(1);
        var spent = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            while (budget.TrySpend(1))
                Interlocked.Increment(ref spent);
        })));
        Assert.Equal(30, spent);
    }
}
