using System.Collections.Immutable;

namespace Mainstay.Prove.Recording;

/// <summary>
/// One thing that must be so, written before the fault: a claim by name, with its bounds and where they come from. The verdicts' folder has a
/// checker for each claim. What a history expects is part of it, so that it can be judged again.
/// </summary>
/// <param name="Claim">Name of the checker, such as <c>no-failures</c>.</param>
/// <param name="Text">The expectation in a person's words.</param>
/// <param name="From">Where its bounds come from: a place in the manifest (<c>routes[2].timeout</c>) or <c>default</c>.</param>
/// <param name="Numbers">Bounds by name; each checker documents its own. Seconds, ratios, counts.</param>
/// <param name="Words">Further parameters by name: happenings, phases, streams; each checker documents its own.</param>
/// <param name="Evidence">True: not a promise of the application, but a sign that the fault bit; unmet, the experiment is inconclusive.</param>
internal sealed record Expectation(
    string Claim,
    string Text,
    string From,
    ImmutableSortedDictionary<string, double> Numbers,
    ImmutableSortedDictionary<string, string> Words,
    bool Evidence = false);
