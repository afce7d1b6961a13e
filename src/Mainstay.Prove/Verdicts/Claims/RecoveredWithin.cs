using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// After the last happening of a kind, or after each, the requests are back within their objectives in time: five consecutive windows of one second meet
/// them. Words: <c>streams</c>, <c>start</c> (kind). Numbers: <c>seconds</c> until the first of those windows begins, <c>each</c> (1: each happening is a
/// start, watched until the next one, and the worst counts).
/// </summary>
internal static class RecoveredWithin
{
    public const string Name = "recovered-within";

    /// <summary>For the answers of the last window.</summary>
    public static readonly TimeSpan Answers = TimeSpan.FromSeconds(1);

    /// <summary>How long must be watched so that a recovery in the last moment is seen: its windows, and the answers of the last one.</summary>
    public static TimeSpan Watching(double seconds) => TimeSpan.FromSeconds(seconds + RecoveryWindows.Needed) + Answers;

    public static Expectation Expect(string text, string from, string streams, string startKind, double seconds, bool each = false) =>
        Terms.New(Name, text, from).With(StreamFilter.Word, streams).With(Terms.Start, startKind).With(Terms.Seconds, seconds).With(Terms.Each, each);

    public static Finding Check(History history, Expectation expectation)
    {
        var kind = expectation.WordOf(Terms.Start);
        var starts = history.Happenings.Where(happening => happening.Kind == kind).Select(happening => happening.At).ToList();
        if (starts.Count == 0)
            return expectation.Inconclusive($"'{kind}' did not happen");
        if (!expectation.IsSet(Terms.Each))
            return Check(history, expectation, starts[^1], long.MaxValue);
        var findings = starts.Zip([.. starts.Skip(1), long.MaxValue], (start, next) => Check(history, expectation, start, next)).ToList();
        var worst = findings.MaxBy(finding => (finding.Verdict, finding.Seen ?? double.MaxValue))!;
        return worst with { Reason = $"{worst.Reason}; the worst of {findings.Count}", Samples = findings.Sum(finding => finding.Samples) };
    }

    private static Finding Check(History history, Expectation expectation, long start, long until)
    {
        var seconds = expectation.NumberOf(Terms.Seconds);
        var streams = history.StreamsOf(expectation);
        var windows = RecoveryWindows.After(history.Streams, history.Samples.Where(sample => streams[sample.Stream]), start, until);
        var asked = $"after '{expectation.WordOf(Terms.Start)}' at {Figures.Micros(start)} five seconds on end must be within the objectives from {Figures.Seconds(seconds)} on";
        if (windows.Requests == 0)
            return expectation.Inconclusive($"{asked}; there were no requests");
        var recovered = windows.FirstGood();
        var number = recovered is { } when ? when == 0 ? "at once" : $"after {Figures.Seconds(when)}" : "not recovered";
        var seen = recovered is { } at ? at == 0 ? "they were at once" : $"they were after {Figures.Seconds(at)}" : $"they were not in the {Figures.Seconds(windows.Watched)} that were watched";
        var late = (recovered ?? windows.Watched) > seconds && windows.AllBad(seconds);
        var starvation = new Starvation(history);
        var starved = starvation.Time(start, start + (long)((recovered ?? windows.Watched) * 1e6)) / 1e6;
        var finding =
            recovered <= seconds ? expectation.Holds($"{asked}; {seen}", number, windows.Requests)
            : !late ? expectation.Inconclusive($"{asked}; the load was too thin or ended too early to tell: {seen}", number, windows.Requests)
            : starved > 0 && (recovered ?? windows.Watched) - starved <= seconds
                ? expectation.Inconclusive($"{asked}; {seen}, but {starvation.Text} meanwhile", number, windows.Requests)
            : expectation.Violated($"{asked}; {seen}", number, windows.Requests);
        return finding with { Seen = recovered, Target = seconds };
    }
}
