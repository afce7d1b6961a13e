using System.Collections.Immutable;

namespace Mainstay.Prove.Verdicts;

/// <summary>What one history shows.</summary>
/// <param name="Verdict">All findings merged: violated, then inconclusive, then holds.</param>
/// <param name="Deciding">The finding that the verdict rests on, for the table.</param>
/// <param name="Findings">All of them, those of the conditions first.</param>
internal sealed record Judgement(Verdict Verdict, Finding Deciding, ImmutableArray<Finding> Findings);
