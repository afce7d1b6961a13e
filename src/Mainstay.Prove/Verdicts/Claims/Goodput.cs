using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Statistics;
using MathNet.Numerics.Distributions;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// Good answers keep coming in a phase: at least a ratio of the measured capacity (number <c>per_second</c> of the last happening <c>capacity</c>).
/// Words: <c>streams</c>, <c>phase</c>. Numbers: <c>ratio</c>.
/// </summary>
internal static class Goodput
{
    public const string Name = "goodput";

    public static Expectation Expect(string text, string from, string streams, string phase, double ratio = 0.8) =>
        Terms.New(Name, text, from).With(StreamFilter.Word, streams).With(Terms.Phase, phase).With(Terms.Ratio, ratio);

    /// <summary>Seconds that are needed to say how much the answers vary from one to the next.</summary>
    private const int LeastSeconds = 5;

    /// <summary>Student's bound on the mean of the good answers per second, by the seconds that lie within the phase.</summary>
    public static Finding Check(History history, Expectation expectation)
    {
        var phase = history.PhaseOf(expectation.WordOf(Terms.Phase));
        var streams = history.StreamsOf(expectation);
        var ratio = expectation.NumberOf(Terms.Ratio);
        if (history.Happenings.LastOrDefault(happening => happening.Kind == Happening.Kinds.Capacity) is not { } capacity
            || !capacity.Numbers.TryGetValue("per_second", out var perSecond) || perSecond <= 0)
        {
            return expectation.Inconclusive("the capacity was not measured");
        }

        var seconds = new double[(phase.To - phase.From) / 1_000_000];
        var good = 0;
        foreach (var sample in history.Samples)
        {
            var index = (sample.EndedAt - phase.From) / 1_000_000;
            if (!streams[sample.Stream] || !phase.Contains(sample.EndedAt) || index >= seconds.Length || history.OutcomeOf(sample) != Outcome.Success)
                continue;
            seconds[index]++;
            good++;
        }

        var starvation = new Starvation(history);
        var finding = Judge(history, expectation, seconds, perSecond, ratio, good);
        if (finding.Verdict != Verdict.Violated)
            return finding;
        var fed = seconds.Where((_, index) => !starvation.Touches(phase.From + (index * 1_000_000L), phase.From + ((index + 1) * 1_000_000L))).ToArray();
        return fed.Length == seconds.Length || Judge(history, expectation, fed, perSecond, ratio, good).Verdict == Verdict.Violated
            ? finding
            : starvation.Excuse(finding);
    }

    private static Finding Judge(History history, Expectation expectation, double[] seconds, double perSecond, double ratio, int good)
    {
        if (seconds.Length < LeastSeconds || !history.Samples.Any())
            return expectation.Inconclusive($"{seconds.Length} whole seconds of the phase are too few; {LeastSeconds} would be enough", samples: good);
        var mean = seconds.Average();
        var error = Math.Sqrt(seconds.Sum(value => (value - mean) * (value - mean)) / (seconds.Length - 1) / seconds.Length);
        var target = ratio * perSecond;
        var confidence = Confidence.Of(history);
        var margin = StudentT.InvCDF(0, 1, seconds.Length - 1, confidence) * error;
        var number = $"{Figures.Percent(mean / perSecond)} of capacity";
        var seen = $"{Figures.Digits(mean)} good answers per second, {number} ({Figures.Digits(perSecond)}); at least {Figures.Percent(ratio)} is asked for";
        var finding =
            mean - margin >= target ? expectation.Holds(seen, number, good)
            : mean + margin < target ? expectation.Violated(seen, number, good)
            : expectation.Inconclusive($"{seen}, and they vary too much to tell", number, good, good * 2);
        return finding with
        {
            Seen = mean / perSecond,
            Lower = (mean - margin) / perSecond,
            Upper = (mean + margin) / perSecond,
            Target = ratio,
            PValue = error > 0 ? StudentT.CDF(0, 1, seconds.Length - 1, (mean - target) / error) : mean < target ? 0 : 1,
        };
    }
}
