using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Mainstay.Prove.Verdicts.Statistics;

namespace Mainstay.Prove.Verdicts.Conditions;

/// <summary>
/// The load kept its schedule: in the judged phases 99 % of the requests were taken up at most 5 % of the smallest latency objective later than they were
/// due. A generator that falls behind measures itself; one whose connections are all kept busy by the server measures the server.
/// </summary>
internal static class ScheduleKept
{
    public const string Name = "schedule-kept";

    public const double Ratio = 0.05;

    public static Finding Check(History history, Expectation expectation)
    {
        var loads = history.Streams.Select(stream => stream.Role == LoadStream.Roles.Load).ToArray();
        var phases = JudgedPhases(history);
        var lags = history.Samples
            .Where(sample => loads[sample.Stream] && phases.Exists(phase => phase.Contains(sample.ScheduledAt)))
            .Select(sample => sample.Lag).Order().ToArray();
        if (Quantiles.Of(lags, 0.99) is not { } lag)
            return expectation.Inconclusive("no request of the load was due in a judged phase", "–");
        var objective = history.Streams.Where((_, index) => loads[index]).Min(stream => stream.LatencyP99Seconds);
        var limit = objective * Ratio;
        var number = $"lag p99 {Figures.Micros(lag)}";
        var reason = $"99 % of {Figures.Count(lags.Length)} requests were sent at most {Figures.Micros(lag)} late, "
            + $"{Figures.Seconds(limit)} is allowed (5 % of the objective {Figures.Seconds(objective)})";
        var finding = lag <= limit * 1e6
            ? expectation.Holds(reason, number, lags.Length)
            : expectation.Inconclusive($"the load could not keep its schedule: {reason}", number, lags.Length);
        return finding with { Seen = lag / 1e6, Target = limit };
    }

    /// <summary>Those that an expectation names; none named: all but the warm-up.</summary>
    private static List<Phase> JudgedPhases(History history)
    {
        var named = history.Expectations.SelectMany(expectation =>
            expectation.Claim == Unharmed.Name ? [Phase.Names.Baseline, Phase.Names.Fault]
            : expectation.FindWord(Terms.Phase) is { } name ? [name]
            : Array.Empty<string>()).ToHashSet();
        var judged = history.Phases.Where(phase => named.Contains(phase.Name)).ToList();
        return judged.Count > 0 ? judged : [.. history.Phases.Where(phase => phase.Name != Phase.Names.WarmUp)];
    }
}
