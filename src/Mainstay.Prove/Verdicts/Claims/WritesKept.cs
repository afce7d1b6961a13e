using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Conditions;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// What was acknowledged before the fault can be read after it: happenings <c>write-kept</c>, <c>write-lost</c>, and <c>write-unclear</c> where it
/// could not be told.
/// </summary>
internal static class WritesKept
{
    public const string Name = "writes-kept";

    public static Expectation Expect(string text, string from) => Terms.New(Name, text, from);

    /// <summary>What is gone is gone: no unfit condition explains it away.</summary>
    public static Finding Check(History history, Expectation expectation)
    {
        var lost = Of(history, Kinds.WriteLost);
        var kept = Of(history, Kinds.WriteKept);
        var unclear = Of(history, Kinds.WriteUnclear);
        var count = lost.Count + kept.Count;
        var number = count == 0 ? "–" : $"{lost.Count} of {count} lost";
        return lost.Count > 0 ? expectation.Violated($"{number}: {lost[0].Text}", number, count) with { ExplainedBy = Unfit.None, Seen = lost.Count, Target = 0 }
            : unclear.Count > 0 ? expectation.Inconclusive(unclear[0].Text, number, count)
            : count == 0 ? expectation.Inconclusive("no write was acknowledged and read again")
            : expectation.Holds($"{number}: {kept[0].Text}", number, count) with { Seen = 0, Target = 0 };
    }

    private static List<Happening> Of(History history, string kind) => [.. history.Happenings.Where(happening => happening.Kind == kind)];
}
