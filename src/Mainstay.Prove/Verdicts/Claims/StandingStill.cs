using Mainstay.Prove.Recording;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>The time of a phase in which some replica stood still, and the code that is to blame.</summary>
internal sealed class StandingStill
{
    /// <summary>More of them are in the report's list.</summary>
    private const int MostNames = 3;

    private readonly List<(long From, long To)> _stretches = [];

    public StandingStill(History history, Phase phase)
    {
        var blocks = history.Happenings.Where(happening => happening.Kind == Kinds.Blocked && phase.Contains(happening.At)).OrderBy(block => block.At).ToList();
        foreach (var block in blocks)
        {
            var to = block.At + (long)(block.Numbers.GetValueOrDefault("seconds") * 1e6);
            if (_stretches is [.., var last] && block.At <= last.To)
                _stretches[^1] = (last.From, Math.Max(last.To, to));
            else
                _stretches.Add((block.At, to));
        }
        Text = blocks.Count == 0 ? "no replica stood still" : TextOf(history, blocks);
    }

    /// <summary>"web-1 stood still 12 times, up to 540 ms, in GET /report (app.js:6)".</summary>
    public string Text { get; }

    /// <summary>Microseconds of it from one moment to another.</summary>
    public long Time(long from, long to) => _stretches.Sum(stretch => Math.Max(0, Math.Min(to, stretch.To) - Math.Max(from, stretch.From)));

    private static string TextOf(History history, List<Happening> blocks)
    {
        var longest = blocks.Max(block => block.Numbers.GetValueOrDefault("seconds"));
        var names = history.Happenings.Where(happening => happening.Kind == Kinds.CodeNamed)
            .GroupBy(named => named.Text).OrderByDescending(named => named.Sum(one => one.Numbers.GetValueOrDefault("seconds")))
            .Select(named => named.Key).Take(MostNames).ToList();
        var code = names.Count > 0
            ? $", in {string.Join("; in ", names)}"
            : history.Happenings.LastOrDefault(happening => happening.Kind == Kinds.CodeNotNamed) is { } unnamed ? $" ({unnamed.Text})" : "";
        return $"{string.Join(", ", blocks.Select(block => block.Subject).Distinct().Order(StringComparer.Ordinal))} stood still "
            + $"{Figures.Times(blocks.Count)}, up to {Figures.Seconds(longest)}{code}";
    }
}
