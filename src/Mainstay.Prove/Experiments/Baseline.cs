using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Experiments;

/// <summary>No fault: the objectives must hold.</summary>
internal sealed class Baseline : IExperiment
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(45);

    /// <summary>Divided by the share that may fail: so many without a failure prove it at the first of two looks, at 97.5 %; a little more.</summary>
    private const double Enough = 3.69 * 1.05;

    public string Name => "baseline";

    public string Pillar => Pillars.All;

    public string Does(string subject) => "sends the ordinary load and breaks nothing";

    public IEnumerable<Subject> Subjects(Scope scope) => scope.Sent.IsEmpty ? [] : [new("")];

    public TimeSpan Length(Scope scope) => TimeSpan.FromSeconds(35);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        var needed = Expect(course);
        course.PerSecond = Math.Min(course.Bench.Level.PerSecond * 2, Math.Max(course.Bench.Level.PerSecond, course.Bench.Level.Bearable * 0.3));
        await course.BeginAsync(cancel);
        var length = TimeSpan.FromSeconds(Math.Clamp(needed / course.PerSecond, Shortest.TotalSeconds, Longest.TotalSeconds));
        await course.PhaseAsync(Phase.Names.Fault, () => course.MaybeTwiceAsync(() => course.RestAsync(length, cancel)));
    }

    /// <summary>One claim for each availability that is promised, and for each p99; how many requests in all are enough for the strictest, where none fails.</summary>
    private static double Expect(Course course)
    {
        var alike = StreamGroup<double>.Of(course.Scope, "load", stream => stream.Availability);
        course.Recorder.Expect(
            from those in alike
            select FailureRate.Expect(
                $"{those.Key:0.####%} of the requests{those.OfThem} succeed",
                Origin.Of(course.Scope.Manifest, those.Route, "objective.availability", those.Route.Objective.Availability, 0.999),
                those.Streams, Phase.Names.Fault, 1 - those.Key));
        course.Recorder.Expect(
            from those in StreamGroup<Bound>.Of(course.Scope, "load", stream => new(stream.LatencyP99Seconds, true))
            select LatencyQuantile.Expect(
                $"99 % of the requests{those.OfThem} are answered within {those.Key.Seconds:0.###} s",
                those.Key.From(course.Scope.Manifest, those.Route, Origin.Default), those.Streams, Phase.Names.Fault, 0.99, those.Key.Seconds));
        return alike.Max(those => Enough / (1 - Math.Min(those.Key, 0.99999)) / those.Share);
    }
}
