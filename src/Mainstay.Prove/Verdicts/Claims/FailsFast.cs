using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Conditions;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// What fails is answered 503 in time (50 ms and 5 % are tolerated): never hung, reset, or answered otherwise. Words: <c>streams</c>, <c>phase</c>.
/// Numbers: <c>seconds</c>, <c>least</c> (requests that are enough, failed or not).
/// </summary>
internal static class FailsFast
{
    public const string Name = "fails-fast";

    public static Expectation Expect(string text, string from, string streams, string phase, double seconds, int least = 299) =>
        Terms.New(Name, text, from).With(StreamFilter.Word, streams).With(Terms.Phase, phase).With(Terms.Seconds, seconds).With(Terms.Least, least);

    public static Finding Check(History history, Expectation expectation)
    {
        var phase = history.PhaseOf(expectation.WordOf(Terms.Phase));
        var seconds = expectation.NumberOf(Terms.Seconds);
        var least = Math.Max(1, (int)expectation.NumberOf(Terms.Least));
        var limit = Tolerance.Of(seconds);
        var starvation = new Starvation(history);
        int count = 0, failed = 0, late = 0, excused = 0;
        long worst = 0;
        var otherwise = new List<Sample>();
        foreach (var sample in history.RequestsOf(expectation, phase))
        {
            var outcome = history.OutcomeOf(sample);
            if (outcome == Outcome.Neither)
                continue;
            count++;
            if (outcome == Outcome.Success)
                continue;
            failed++;
            if (sample is not { Fate: Fate.Answered } || (sample.Status != 503 && !sample.IsShed))
            {
                otherwise.Add(sample);
                continue;
            }

            worst = Math.Max(worst, sample.Latency);
            if (sample.Latency <= limit)
                continue;
            if (sample.Latency - starvation.Time(sample.ScheduledAt, sample.EndedAt) <= limit)
                excused++;
            else
                late++;
        }

        var number = otherwise.Count > 0 ? $"{Figures.Count(otherwise.Count)} of {Figures.Count(failed)} not 503"
            : failed == 0 ? $"0 of {Figures.Count(count)} failed"
            : $"slowest {Figures.Micros(worst)}";
        var seen = $"{Figures.Count(failed)} of {Figures.Count(count)} requests failed";
        var limits = $"the slowest refusal took {Figures.Micros(worst)}, {Figures.Seconds(seconds)} are allowed";
        if (otherwise.Count > 0)
        {
            return expectation.Violated($"{seen}, {Figures.Count(otherwise.Count)} of them otherwise than by 503: {history.Describe(otherwise)}", number, count)
                with
            { ExplainedBy = Unfit.Any & ~(otherwise.TrueForAll(sample => sample.MayBeLate()) ? Unfit.None : Unfit.Late) };
        }

        var finding =
            late > 0 ? expectation.Violated($"{seen}, {Figures.Count(late)} of them too late: {limits}", number, count)
            : excused > 0 ? expectation.Inconclusive($"{seen}, {Figures.Count(excused)} of them too late, but {starvation.Text} meanwhile", number, count)
            : count < least ? expectation.Inconclusive($"{seen}; {Figures.Count(least)} requests would be enough", number, count, least)
            : expectation.Holds(failed == 0 ? $"none of {Figures.Count(count)} requests failed" : $"{seen}, all of them by 503 in time: {limits}", number, count);
        return failed == 0 ? finding : finding with { Seen = worst / 1e6, Target = seconds };
    }
}
