using Mainstay.Prove.Verdicts.Conditions;

namespace Mainstay.Prove.Verdicts;

/// <summary>What became of one expectation, or of a condition that must be met before anything can be said.</summary>
/// <param name="Claim">The checker's name.</param>
/// <param name="Text">What was expected, in a person's words.</param>
/// <param name="From">Where that comes from: a place in the manifest, or <c>default</c>.</param>
/// <param name="Verdict">Holds, violated or inconclusive.</param>
/// <param name="Reason">Why, in one sentence with its numbers.</param>
/// <param name="Number">The number that decided, short enough for a table: <c>0 of 612 failed</c>.</param>
/// <param name="Samples">How many requests or happenings it rests on.</param>
/// <param name="Evidence">True: it says that the fault bit, or that the run was fit to be judged; it promises nothing.</param>
/// <param name="Seen">The estimate, in the claim's unit; null when there is none.</param>
/// <param name="Lower">One-sided bound (95 %, or 97.5 % of each of two looks); null for claims without statistics.</param>
/// <param name="Upper">One-sided bound; null for claims without statistics.</param>
/// <param name="Target">What it is compared with; null when there is none.</param>
/// <param name="PValue">
/// How probable it were to see as much against the claim, or more, if it held just so: for statistical claims whatever their verdict, before
/// correction; null for others.
/// </param>
/// <param name="Enough">How many samples in all could decide, when more of them could; null otherwise.</param>
/// <param name="ExplainedBy">Of a violation: the unfit conditions that could have caused it.</param>
internal sealed record Finding(
    string Claim,
    string Text,
    string From,
    Verdict Verdict,
    string Reason,
    string Number,
    int Samples,
    bool Evidence = false,
    double? Seen = null,
    double? Lower = null,
    double? Upper = null,
    double? Target = null,
    double? PValue = null,
    int? Enough = null,
    Unfit ExplainedBy = Unfit.Any);
