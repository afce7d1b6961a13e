using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// Whenever one thing happens, another follows in time. Words: <c>start</c>, <c>then</c> (kinds). Numbers: <c>seconds</c>, <c>same_subject</c> (1: only
/// a happening of the same subject counts as following).
/// </summary>
internal static class HappensWithin
{
    public const string Name = "happens-within";

    public static Expectation Expect(string text, string from, string startKind, string thenKind, double seconds, bool sameSubject = false) =>
        Terms.New(Name, text, from).With(Terms.Start, startKind).With(Terms.Then, thenKind).With(Terms.Seconds, seconds)
            .With(Terms.SameSubject, sameSubject);

    public static Finding Check(History history, Expectation expectation)
    {
        var startKind = expectation.WordOf(Terms.Start);
        var thenKind = expectation.WordOf(Terms.Then);
        var seconds = expectation.NumberOf(Terms.Seconds);
        var limit = (long)(seconds * 1e6);
        var sameSubject = expectation.IsSet(Terms.SameSubject);
        var starts = history.Happenings.Where(happening => happening.Kind == startKind).ToList();
        var thens = history.Happenings.Where(happening => happening.Kind == thenKind).ToList();
        if (starts.Count == 0)
            return expectation.Inconclusive($"'{startKind}' did not happen");

        var starvation = new Starvation(history);
        var end = history.EndOf();
        int late = 0, excused = 0, unwatched = 0;
        long worst = 0;
        var missed = false;
        foreach (var start in starts)
        {
            var then = thens.Where(then => then.At >= start.At && (!sameSubject || then.Subject == start.Subject)).MinBy(then => then.At);
            var took = (then?.At ?? end) - start.At;
            worst = Math.Max(worst, took);
            if (then is null && took <= limit)
                unwatched++;
            else if (took <= limit)
                continue;
            else if (took - starvation.Time(start.At, start.At + took) <= limit)
                excused++;
            else
            {
                late++;
                missed |= then is null;
            }
        }

        var number = missed || unwatched > 0 ? "not seen" : Figures.Micros(worst);
        var asked = $"'{thenKind}' must follow '{startKind}' within {Figures.Seconds(seconds)}";
        var finding =
            late > 0 ? expectation.Violated(
                $"{asked}; {late} of {starts.Count} times it did not, at worst {(missed ? "not at all" : $"after {Figures.Micros(worst)}")}", number, starts.Count)
            : excused > 0 ? expectation.Inconclusive(
                $"{asked}; {excused} of {starts.Count} times it did not, but {starvation.Text} meanwhile", number, starts.Count)
            : unwatched > 0 ? expectation.Inconclusive(
                $"{asked}; the experiment ended {Figures.Micros(worst)} after it, too early to tell", number, starts.Count)
            : expectation.Holds($"{asked}; it took {Figures.Micros(worst)} at most, {Figures.Times(starts.Count)}", number, starts.Count);
        return finding with { Seen = missed || unwatched > 0 ? null : worst / 1e6, Target = seconds };
    }
}
