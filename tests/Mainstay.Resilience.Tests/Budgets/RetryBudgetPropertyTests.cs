using FsCheck.Xunit;
using Mainstay.Resilience.Budgets;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.Budgets;

/// <summary>
/// What is promised of any ten seconds that end with a retry, up to the second: the budget counts in whole seconds, so ten seconds that begin
/// within one reach over eleven of them, and what was spent in the first was weighed against the ten that ended with it. (Ten seconds that end
/// later may hold retries of requests that came before them.)
/// </summary>
[Properties(Replay = Seed.OfProperties, MaxTest = 200, EndSize = 600)]
public sealed class RetryBudgetPropertyTests
{
    private const double Share = 0.2;
    private const int Floor = 10;

    /// <param name="Wait">Since the step before.</param>
    /// <param name="Requests">That came.</param>
    /// <param name="Wanted">Retries that are asked for.</param>
    public sealed record Step(byte Wait, byte Requests, byte Wanted);

    [Property]
    public bool Ten_whole_seconds_hold_at_most_a_fifth_and_the_floor(Step[] steps)
    {
        var seen = new Seen();
        seen.Run(steps);
        return seen.Retries.Keys.All(last => Sum(seen.Retries, last - 9, last) <= Floor + (Share * Sum(seen.Requests, last - 9, last)) + 1e-9);
    }

    [Property]
    public bool Any_ten_seconds_hold_at_most_that_and_one_second_of_the_ten_before(Step[] steps)
    {
        var seen = new Seen();
        seen.Run(steps);
        return seen.Retries.Keys.All(last => Sum(seen.Retries, last - 10, last)
            <= Floor + (Share * Sum(seen.Requests, last - 9, last)) + Floor + (Share * Sum(seen.Requests, last - 19, last - 10)) + 1e-9);
    }

    [Property]
    public bool A_retry_is_refused_only_if_the_budget_is_used_up(Step[] steps) => new Seen().Run(steps);

    private static int Sum(Dictionary<long, int> counts, long first, long last)
    {
        var sum = 0;
        for (var second = first; second <= last; second++)
            sum += counts.GetValueOrDefault(second);
        return sum;
    }

    /// <summary>Requests and retries by the second.</summary>
    private sealed class Seen
    {
        public Dictionary<long, int> Requests { get; } = [];

        public Dictionary<long, int> Retries { get; } = [];

        /// <summary>Whether every answer was the one that these books would have given.</summary>
        public bool Run(Step[] steps)
        {
            var budget = new RetryBudget(Share, Floor);
            var isExact = true;
            double now = 3;
            foreach (var step in steps)
            {
                now += step.Wait / 100.0;
                var second = (long)now;
                for (var i = 0; i < step.Requests; i++)
                    budget.Earn(now);
                Requests[second] = Requests.GetValueOrDefault(second) + step.Requests;
                for (var i = 0; i < step.Wanted; i++)
                {
                    var hasRoom = Sum(Retries, second - 9, second) + 1 <= Floor + (Share * Sum(Requests, second - 9, second));
                    var isAllowed = budget.TrySpend(now);
                    isExact &= isAllowed == hasRoom;
                    if (isAllowed)
                        Retries[second] = Retries.GetValueOrDefault(second) + 1;
                }
            }
            return isExact;
        }
    }
}
