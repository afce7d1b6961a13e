using System.Collections.Immutable;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>The bounds and words of an expectation: how the claims write them and read them back.</summary>
internal static class Terms
{
    // Words; each claim says which of them it takes.
    public const string Phase = "phase";
    public const string Start = "start";
    public const string End = "end";
    public const string Then = "then";
    public const string Kind = "kind";
    public const string Number = "number";
    public const string Numerator = "numerator";
    public const string Denominator = "denominator";
    public const string Measure = "measure";
    public const string Hint = "hint";

    // Numbers.
    public const string Least = "least";
    public const string AllowShed = "allow_shed";
    public const string Target = "target";
    public const string Quantile = "quantile";
    public const string Seconds = "seconds";
    public const string StartAfter = "start_after_seconds";
    public const string SameSubject = "same_subject";
    public const string NumberLeast = "number_least";
    public const string Most = "most";
    public const string Sum = "sum";
    public const string Each = "each";
    public const string Ratio = "ratio";
    public const string Floor = "floor";
    public const string Factor = "factor";
    public const string Plus = "plus_seconds";

    public static Expectation New(string claim, string text, string from) =>
        new(claim, text, from, ImmutableSortedDictionary<string, double>.Empty, ImmutableSortedDictionary<string, string>.Empty);

    /// <summary>Null is left out.</summary>
    public static Expectation With(this Expectation expectation, string name, double? value) =>
        value is { } number ? expectation with { Numbers = expectation.Numbers.SetItem(name, number) } : expectation;

    /// <summary>Null is left out.</summary>
    public static Expectation With(this Expectation expectation, string name, string? value) =>
        value is null ? expectation : expectation with { Words = expectation.Words.SetItem(name, value) };

    /// <summary>True is written as 1, false left out.</summary>
    public static Expectation With(this Expectation expectation, string name, bool value) =>
        value ? expectation.With(name, 1) : expectation;

    /// <exception cref="FormatException">It is not there, or no number: the history is damaged or of another version.</exception>
    public static double NumberOf(this Expectation expectation, string name) =>
        expectation.Numbers.TryGetValue(name, out var value) && !double.IsNaN(value) ? value : throw new FormatException($"'{expectation.Claim}' lacks its number '{name}'");

    /// <exception cref="FormatException">It is not there.</exception>
    public static string WordOf(this Expectation expectation, string name) =>
        expectation.Words.TryGetValue(name, out var value) ? value : throw new FormatException($"'{expectation.Claim}' lacks its word '{name}'");

    public static double? FindNumber(this Expectation expectation, string name) =>
        expectation.Numbers.TryGetValue(name, out var value) ? value : null;

    public static string? FindWord(this Expectation expectation, string name) => expectation.Words.GetValueOrDefault(name);

    public static bool IsSet(this Expectation expectation, string name) => expectation.Numbers.GetValueOrDefault(name) != 0;
}
