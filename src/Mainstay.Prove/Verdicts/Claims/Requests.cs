using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>The requests that an expectation is about: of its streams, in its phase.</summary>
internal static class Requests
{
    /// <exception cref="FormatException">The history has no such phase.</exception>
    public static Phase PhaseOf(this History history, string name) =>
        history.FindPhase(name) ?? throw new FormatException($"there was no phase '{name}'");

    /// <summary>For each stream whether it is one of the expectation's.</summary>
    /// <exception cref="FormatException">None is.</exception>
    public static bool[] StreamsOf(this History history, Expectation expectation)
    {
        var filter = expectation.WordOf(StreamFilter.Word);
        var chosen = history.Streams.Select((stream, index) => StreamFilter.Applies(filter, stream, index)).ToArray();
        return Array.IndexOf(chosen, true) >= 0 ? chosen : throw new FormatException($"no stream of the load is '{filter}'");
    }

    /// <summary>All that were due in the phase.</summary>
    public static IEnumerable<Sample> RequestsOf(this History history, Expectation expectation, Phase phase)
    {
        var streams = history.StreamsOf(expectation);
        return history.Samples.Where(sample => streams[sample.Stream] && phase.Contains(sample.ScheduledAt));
    }

    public static Outcome OutcomeOf(this History history, in Sample sample, bool allowShed = false) =>
        sample.Fate == Fate.Cut ? Outcome.Neither
        : history.Streams[sample.Stream].IsGood(sample) ? Outcome.Success
        : allowShed && sample.IsShed ? Outcome.Neither
        : Outcome.Failure;

    /// <summary>Whether a load that was sent too late could be the cause of the failure.</summary>
    public static bool MayBeLate(this in Sample sample) => sample.Fate is Fate.NotSent or Fate.TimedOut;

    /// <summary>The end of what was watched.</summary>
    public static long EndOf(this History history) => new[]
    {
        history.Phases.Select(phase => phase.To).DefaultIfEmpty().Max(),
        history.Happenings.Select(happening => happening.At).DefaultIfEmpty().Max(),
    }.Max();

    /// <summary>"3 of 612 failed: 2 × 502, 1 × reset; first GET / at 12.3 s".</summary>
    public static string Describe(this History history, IReadOnlyCollection<Sample> failures)
    {
        var kinds = failures.GroupBy(NameOf).OrderByDescending(kind => kind.Count()).ThenBy(kind => kind.Key, StringComparer.Ordinal)
            .Select(kind => $"{Figures.Count(kind.Count())} × {kind.Key}");
        var first = failures.MinBy(sample => sample.ScheduledAt);
        return $"{string.Join(", ", kinds)}; the first was {history.Streams[first.Stream].Name} at {Figures.Micros(first.ScheduledAt)}";
    }

    private static string NameOf(Sample sample) => sample.Fate switch
    {
        Fate.Answered => sample.Status.ToString(),
        Fate.NotSent => "not sent, no connection was free",
        Fate.Refused => "refused",
        Fate.Reset => "reset",
        Fate.TimedOut => "never answered",
        Fate.Malformed => "no HTTP",
        _ => "cut off",
    };
}
