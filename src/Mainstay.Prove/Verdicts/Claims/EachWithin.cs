using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Conditions;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// No single request takes longer; 50 ms and 5 % are tolerated. Words: <c>streams</c>, <c>phase</c>, <c>measure</c> (<c>head</c>: until the head of the
/// answer, <c>end</c>: until its end), <c>start</c> and <c>end</c> (kinds; only requests scheduled between them count). Numbers: <c>seconds</c>,
/// <c>start_after_seconds</c> (this much later than <c>start</c>), <c>least</c> (requests that are enough).
/// </summary>
internal static class EachWithin
{
    public const string Name = "each-within";

    public const string Head = "head";
    public const string End = "end";

    public static Expectation Expect(
        string text, string from, string streams, string phase, double seconds, string measure = Head, string? startKind = null,
        double startAfterSeconds = 0, string? endKind = null, int least = 299) =>
        Terms.New(Name, text, from).With(StreamFilter.Word, streams).With(Terms.Phase, phase).With(Terms.Seconds, seconds).With(Terms.Measure, measure)
            .With(Terms.Start, startKind).With(Terms.StartAfter, startAfterSeconds).With(Terms.End, endKind).With(Terms.Least, least);

    /// <summary>
    /// A request that was never answered must have been given up by Mainstay in time; one that the load's own patience or end cut short before the limit
    /// says nothing. What could not be sent is a failure, but took no time.
    /// </summary>
    public static Finding Check(History history, Expectation expectation)
    {
        var phase = history.PhaseOf(expectation.WordOf(Terms.Phase));
        var seconds = expectation.NumberOf(Terms.Seconds);
        var least = Math.Max(1, (int)expectation.NumberOf(Terms.Least));
        var untilHead = expectation.WordOf(Terms.Measure) == Head;
        var start = expectation.FindWord(Terms.Start);
        var exposure = new Exposure(
            history, phase, start, expectation.FindWord(Terms.End), (long)((expectation.FindNumber(Terms.StartAfter) ?? 0) * 1e6));
        var starvation = new Starvation(history);
        var limit = Tolerance.Of(seconds);
        int count = 0, late = 0, excused = 0, lateForLag = 0;
        long worst = 0;
        foreach (var sample in history.RequestsOf(expectation, phase))
        {
            if (!exposure.Arrives(sample) || sample.Fate == Fate.NotSent)
                continue;
            var took = (untilHead && sample.HeadAt >= 0 ? sample.HeadAt : sample.EndedAt) - sample.ScheduledAt;
            if (took <= limit && sample.Fate is Fate.Cut or Fate.TimedOut && !(untilHead && sample.HeadAt >= 0))
                continue;
            count++;
            worst = Math.Max(worst, took);
            if (took <= limit)
                continue;
            if (took - starvation.Time(sample.ScheduledAt, sample.ScheduledAt + took) <= limit)
                excused++;
            else
                late++;
            lateForLag += took - sample.Lag <= limit ? 1 : 0;
        }

        var number = count == 0 ? "–" : $"longest {Figures.Micros(worst)}";
        var seen = $"the longest of {Figures.Count(count)} requests took {Figures.Micros(worst)}, {Figures.Seconds(seconds)} are allowed";
        if (late > 0)
        {
            return expectation.Violated($"{Figures.Count(late)} too late: {seen}", number, count) with
            {
                Seen = worst / 1e6,
                Target = seconds,
                ExplainedBy = Unfit.Any & ~(late > lateForLag ? Unfit.Schedule : Unfit.None),
            };
        }

        var finding =
            excused > 0 ? expectation.Inconclusive($"{Figures.Count(excused)} too late: {seen}; but {starvation.Text} meanwhile", number, count)
            : start is not null && exposure.Starts == 0 ? expectation.Inconclusive($"'{start}' did not happen in phase '{phase.Name}'", number)
            : count < least ? expectation.Inconclusive(
                $"only {Figures.Count(count)} requests say how long they took; {Figures.Count(least)} would be enough", number, count, least)
            : expectation.Holds(seen, number, count);
        return finding with { Seen = count == 0 ? null : worst / 1e6, Target = seconds };
    }
}
