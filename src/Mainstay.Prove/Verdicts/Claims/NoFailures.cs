using Mainstay.Prove.Recording;

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

    public static Expectation Expect(
        string text, string from, string streams, string phase, string? startKind = null, string? endKind = null, int least = 299, bool allowShed = false) =>
        Terms.New(Name, text, from).With(StreamFilter.Word, streams).With(Terms.Phase, phase).With(Terms.Start, startKind).With(Terms.End, endKind)
            .With(Terms.Least, least).With(Terms.AllowShed, allowShed);
}
