using System.Collections.Immutable;
using Mainstay.Manifest.Model;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Experiments.Own;

/// <summary>An experiment as a user has written it.</summary>
/// <param name="Name">The file's, without its ending.</param>
/// <param name="Title">In the user's words; null: what it does.</param>
/// <param name="Pillar">One of <see cref="Pillars"/>.</param>
/// <param name="Load">What is sent meanwhile.</param>
/// <param name="Faults">What is broken; empty: nothing.</param>
/// <param name="Invariants">What must hold; at least one.</param>
internal sealed record OwnSpec(
    string Name, string? Title, string Pillar, OwnLoad Load, ImmutableArray<OwnFault> Faults, ImmutableArray<OwnInvariant> Invariants)
{
    /// <summary>The length of the faults' phase.</summary>
    public TimeSpan Lasting => Faults.Select(fault => fault.After + fault.Least).Append(Load.Duration).Max();

    /// <summary>How long one of the faults lasts.</summary>
    public TimeSpan LengthOf(OwnFault fault) => fault.For ?? (Lasting - fault.After);
}

/// <param name="Rate">Requests per second in all; null: the ordinary load.</param>
/// <param name="Duration">Of the fault's phase.</param>
/// <param name="Routes">Only these, as the manifest writes their path; empty: all that is exercised.</param>
/// <param name="Requests">Sent instead of what the manifest says; each with its route.</param>
internal sealed record OwnLoad(double? Rate, TimeSpan Duration, ImmutableArray<string> Routes, ImmutableArray<(RouteSpec Route, ExerciseSpec Request)> Requests)
{
    public static readonly TimeSpan DefaultDuration = TimeSpan.FromSeconds(15);
}

/// <summary>One thing that must hold.</summary>
/// <param name="Key">As written, such as <c>p99</c>.</param>
/// <param name="Routes">Only of these; empty: of all that is sent.</param>
/// <param name="Expect">What to write down, for a filter of streams and the words that name them.</param>
internal sealed record OwnInvariant(string Key, ImmutableArray<string> Routes, Func<OwnSpec, string, string, Expectation> Expect)
{
    /// <summary>Not about requests: written down once.</summary>
    public bool IsOfAll { get; init; }

    /// <summary>It compares with the time before the fault, which then lasts as long.</summary>
    public bool ComparesWithBaseline { get; init; }

    /// <summary>A fault that it is about must last longer than that: else what never ends would seem to end in time.</summary>
    public TimeSpan Outlasted { get; init; }

    /// <summary>How long it is looked for after the faults.</summary>
    public TimeSpan Afterwards { get; init; }

    /// <summary>Those of a course: one for all its streams, or one for each of the named routes.</summary>
    public IEnumerable<Expectation> Expectations(OwnSpec spec, Course course)
    {
        if (Routes.IsEmpty || IsOfAll)
            return [Expect(spec, "load", "")];
        var sent = course.Scope.Sent;
        return Enumerable.Range(0, sent.Length).Where(i => OwnExperiment.IsOf(sent[i], Routes)).Select(i => Expect(spec, $"#{i}", $" of {sent[i].Stream.Name}"));
    }
}
