using Mainstay.Prove.Recording;

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
}
