using System.Collections.Frozen;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>All claims by name.</summary>
internal static class Checkers
{
    private static readonly FrozenDictionary<string, Func<History, Expectation, Finding>> ByName =
        new Dictionary<string, Func<History, Expectation, Finding>>
        {
            [NoFailures.Name] = NoFailures.Check,
            [FailureRate.Name] = FailureRate.Check,
            [LatencyQuantile.Name] = LatencyQuantile.Check,
            [WithinObjectives.Name] = WithinObjectives.Check,
            [EachWithin.Name] = EachWithin.Check,
            [HappensWithin.Name] = HappensWithin.Check,
            [RecoveredWithin.Name] = RecoveredWithin.Check,
            [Happens.Name] = Happens.Check,
            [NeverHappens.Name] = NeverHappens.Check,
            [NumberAtMost.Name] = NumberAtMost.Check,
            [RatioAtMost.Name] = RatioAtMost.Check,
            [Unharmed.Name] = Unharmed.Check,
            [Goodput.Name] = Goodput.Check,
            [Refusals.Name] = Refusals.Check,
            [FailsFast.Name] = FailsFast.Check,
            [NotHeldUp.Name] = NotHeldUp.Check,
            [WritesKept.Name] = WritesKept.Check,
        }.ToFrozenDictionary();

    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>Never throws: a checker that does leaves its finding inconclusive.</summary>
    public static Finding Check(History history, Expectation expectation)
    {
        if (!ByName.TryGetValue(expectation.Claim, out var check))
            return expectation.Inconclusive($"this Mainstay knows no claim '{expectation.Claim}'");
        try
        {
            return check(history, expectation);
        }
        catch (FormatException fault)
        {
            return expectation.Inconclusive(fault.Message);
        }
        // Whatever is wrong with a checker, it must not become a pass, nor hide the other findings.
        catch (Exception fault)
        {
            return expectation.Inconclusive($"the check failed: {fault.GetType().Name}: {fault.Message.ReplaceLineEndings(" ")}");
        }
    }
}
