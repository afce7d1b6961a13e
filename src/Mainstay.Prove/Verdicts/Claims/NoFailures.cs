using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Conditions;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// No request fails that was exposed to something: scheduled between a happening and the next one of another kind, or in flight when the first one
/// happened. Words: <c>streams</c>, <c>phase</c>, <c>start</c> and <c>end</c> (kinds; without <c>start</c> all of the phase is exposed, without
/// <c>end</c> the rest of it). Numbers: <c>least</c> (exposures that are enough, 299 show ≥ 99 %), <c>allow_shed</c> (1: what was refused on purpose is
/// neither success nor failure).
/// </summary>
internal static class NoFailures
{
    public const string Name = "no-failures";

    /// <summary>Zero failures of so many show that fewer than 1 % fail, at 95 %.</summary>
    public const int Enough = 299;

    public static Expectation Expect(
        string text, string from, string streams, string phase, string? startKind = null, string? endKind = null, int least = Enough, bool allowShed = false) =>
        Terms.New(Name, text, from).With(StreamFilter.Word, streams).With(Terms.Phase, phase).With(Terms.Start, startKind).With(Terms.End, endKind)
            .With(Terms.Least, least).With(Terms.AllowShed, allowShed);

    /// <summary>
    /// Any failure in the phase violates, exposed or not: nothing else was broken in it. A failure of an exposed request cannot be explained by a fault
    /// that did not bite, since the deed it followed is recorded.
    /// </summary>
    public static Finding Check(History history, Expectation expectation)
    {
        var phase = history.PhaseOf(expectation.WordOf(Terms.Phase));
        var streams = history.StreamsOf(expectation);
        var start = expectation.FindWord(Terms.Start);
        var exposure = new Exposure(history, phase, start, expectation.FindWord(Terms.End));
        var least = (int)expectation.NumberOf(Terms.Least);
        var allowShed = expectation.IsSet(Terms.AllowShed);
        int exposed = 0, exposedFailures = 0;
        var failures = new List<Sample>();
        foreach (var sample in history.Samples)
        {
            if (!streams[sample.Stream])
                continue;
            var isExposed = exposure.Arrives(sample) || exposure.InFlight(sample);
            var outcome = isExposed || phase.Contains(sample.ScheduledAt) ? history.OutcomeOf(sample, allowShed) : Outcome.Neither;
            if (outcome == Outcome.Failure)
                failures.Add(sample);
            if (outcome != Outcome.Neither && isExposed)
            {
                exposed++;
                exposedFailures += outcome == Outcome.Failure ? 1 : 0;
            }
        }

        var what = start is null ? "requests" : "exposed requests";
        var number = $"{Figures.Count(exposedFailures)} of {Figures.Count(exposed)} failed";
        if (failures.Count > 0)
        {
            var outside = failures.Count - exposedFailures;
            var besides = outside > 0 ? $", and {Figures.Count(outside)} that were not exposed" : "";
            return expectation.Violated(
                $"{Figures.Count(exposedFailures)} of {Figures.Count(exposed)} {what} failed{besides}: {history.Describe(failures)}",
                outside > 0 ? $"{Figures.Count(failures.Count)} failed" : number, exposed)
                with
            { ExplainedBy = ExplanationOf(failures, start is not null && exposedFailures > 0) };
        }

        if (start is not null && exposure.Starts == 0)
            return expectation.Inconclusive($"nothing was exposed: '{start}' did not happen in phase '{phase.Name}'", number);
        return exposed >= Math.Max(1, least)
            ? expectation.Holds($"none of {Figures.Count(exposed)} {what} failed; {Figures.Count(least)} were asked for", number, exposed)
            : expectation.Inconclusive(
                $"none of {Figures.Count(exposed)} {what} failed, but {Figures.Count(least)} would be enough to say so", number, exposed, Math.Max(1, least));
    }

    private static Unfit ExplanationOf(List<Sample> failures, bool followedTheDeed) =>
        Unfit.Trouble | Unfit.Baseline
        | (followedTheDeed ? Unfit.None : Unfit.NoBite)
        | (failures.TrueForAll(failure => failure.MayBeLate()) ? Unfit.Late : Unfit.None);
}
