using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts;

/// <summary>
/// The time in which the machine did not give what it has: others took more than a quarter of it, or the hypervisor a tenth. A second more after each, in
/// which what piled up is worked off. It excuses lateness, nothing else, and turns nothing into a pass.
/// </summary>
internal sealed class Starvation
{
    /// <summary>Ratio of the processors used by others.</summary>
    public const double MostForeign = 0.25;

    /// <summary>Ratio taken by the hypervisor.</summary>
    public const double MostSteal = 0.1;

    private const long Second = 1_000_000;

    private readonly List<(long From, long To)> _stretches = [];
    private readonly double _foreign;
    private readonly double _steal;

    public Starvation(History history)
    {
        foreach (var second in history.Machine.Where(IsStarved).OrderBy(second => second.At))
        {
            _foreign = Math.Max(_foreign, second.Foreign);
            _steal = Math.Max(_steal, second.Steal);
            var to = second.At + (2 * Second);
            if (_stretches is [.., var last] && second.At <= last.To)
                _stretches[^1] = (last.From, to);
            else
                _stretches.Add((second.At, to));
        }
    }

    /// <summary>One clause for a reason.</summary>
    public string Text => _foreign > MostForeign
        ? $"other processes took up to {Figures.Percent(_foreign)} of the machine"
        : $"the hypervisor took up to {Figures.Percent(_steal)} of the machine";

    /// <summary>Microseconds of it from one moment to another.</summary>
    public long Time(long from, long to) => _stretches.Sum(stretch => Math.Max(0, Math.Min(to, stretch.To) - Math.Max(from, stretch.From)));

    public bool Touches(long from, long to) => _stretches.Count > 0 && Time(from, Math.Max(to, from + 1)) > 0;

    /// <summary>What no starved time touches.</summary>
    public List<Sample> Fed(IEnumerable<Sample> samples) => [.. samples.Where(sample => !Touches(sample.ScheduledAt, sample.EndedAt))];

    /// <summary>A violation that is none without the starved time.</summary>
    public Finding Excuse(Finding finding) =>
        finding with { Verdict = Verdict.Inconclusive, Reason = $"{finding.Reason}; but {Text}, and without that time it is not so" };

    /// <summary>Checks samples and, if they violate, those that no starved time touches: these must do so too, and say how surely.</summary>
    public static Finding Check(History history, List<Sample> samples, Func<List<Sample>, Finding> check)
    {
        var finding = check(samples);
        if (finding.Verdict != Verdict.Violated)
            return finding;
        var starvation = new Starvation(history);
        var fed = starvation.Fed(samples);
        if (fed.Count == samples.Count)
            return finding;
        var rest = check(fed);
        return rest.Verdict == Verdict.Violated ? finding with { PValue = rest.PValue } : starvation.Excuse(finding);
    }

    private static bool IsStarved(MachineSecond second) => second.Foreign > MostForeign || second.Steal > MostSteal;
}
