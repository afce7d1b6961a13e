using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// After the last happening of a kind, the requests are back within their objectives in time: five consecutive windows of one second meet them. Words:
/// <c>streams</c>, <c>start</c> (kind). Numbers: <c>seconds</c> until the first of those windows begins.
/// </summary>
internal static class RecoveredWithin
{
    public const string Name = "recovered-within";

    /// <summary>How long must be watched so that a recovery in the last moment is seen: its windows, and a second for the answers of the last one.</summary>
    public static TimeSpan Watching(double seconds) => TimeSpan.FromSeconds(seconds + RecoveryWindows.Needed + 1);

    public static Expectation Expect(string text, string from, string streams, string startKind, double seconds) =>
        Terms.New(Name, text, from).With(StreamFilter.Word, streams).With(Terms.Start, startKind).With(Terms.Seconds, seconds);

    public static Finding Check(History history, Expectation expectation)
    {
        var kind = expectation.WordOf(Terms.Start);
        var seconds = expectation.NumberOf(Terms.Seconds);
        if (history.Happenings.LastOrDefault(happening => happening.Kind == kind) is not { } start)
            return expectation.Inconclusive($"'{kind}' did not happen");

        var windows = RecoveryWindows.After(history, history.StreamsOf(expectation), start.At);
        var asked = $"after '{kind}' at {Figures.Micros(start.At)} five seconds on end must be within the objectives from {Figures.Seconds(seconds)} on";
        if (windows.Requests == 0)
            return expectation.Inconclusive($"{asked}; there were no requests");
        var recovered = windows.FirstGood();
        var number = recovered is { } when ? when == 0 ? "at once" : $"after {Figures.Seconds(when)}" : "not recovered";
        var seen = recovered is { } at ? at == 0 ? "they were at once" : $"they were after {Figures.Seconds(at)}" : $"they were not in the {Figures.Seconds(windows.Watched)} that were watched";
        var late = (recovered ?? windows.Watched) > seconds && windows.AllBad(seconds);
        var starvation = new Starvation(history);
        var starved = starvation.Time(start.At, start.At + (long)((recovered ?? windows.Watched) * 1e6)) / 1e6;
        var finding =
            recovered <= seconds ? expectation.Holds($"{asked}; {seen}", number, windows.Requests)
            : !late ? expectation.Inconclusive($"{asked}; the load was too thin or ended too early to tell: {seen}", number, windows.Requests)
            : starved > 0 && (recovered ?? windows.Watched) - starved <= seconds
                ? expectation.Inconclusive($"{asked}; {seen}, but {starvation.Text} meanwhile", number, windows.Requests)
            : expectation.Violated($"{asked}; {seen}", number, windows.Requests);
        return finding with { Seen = recovered, Target = seconds };
    }
}
