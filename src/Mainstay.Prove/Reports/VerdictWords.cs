using Mainstay.Prove.Verdicts;

namespace Mainstay.Prove.Reports;

/// <summary>Verdicts in words and signs, everywhere the same.</summary>
internal static class VerdictWords
{
    public static string Word(this Verdict verdict) => verdict switch
    {
        Verdict.Holds => "holds",
        Verdict.Violated => "violated",
        _ => "inconclusive",
    };

    /// <summary>One character that differs in shape, not in colour only.</summary>
    public static string Sign(this Verdict verdict) => verdict switch
    {
        Verdict.Holds => "✓",
        Verdict.Violated => "✗",
        _ => "?",
    };
}
