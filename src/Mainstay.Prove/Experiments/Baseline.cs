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
        var sent = course.Scope.Sent;
        var groups = Enumerable.Range(0, sent.Length).GroupBy(i => sent[i].Stream.Availability).ToList();
        foreach (var group in groups)
        {
            var (route, isAll) = (sent[group.First()].Route, groups.Count == 1);
            var of = isAll ? "" : $" of {string.Join(", ", group.Select(i => sent[i].Stream.Name))}";
            course.Recorder.Expect(FailureRate.Expect(
                $"{group.Key:0.####%} of the requests{of} succeed", Origin.Of(course.Scope.Manifest, route, "objective.availability", route.Objective.Availability, 0.999),
                isAll ? "load" : $"#{string.Join(',', group)}", Phase.Names.Fault, 1 - group.Key));
        }
        course.Recorder.Expect(
            from bound in SharedBound.Of(course.Scope, "load", stream => (stream.LatencyP99Seconds, true))
            select LatencyQuantile.Expect(
                $"99 % of the requests{(bound.Names is { } names ? $" of {names}" : "")} are answered within {bound.Seconds:0.###} s",
                bound.From(course.Scope.Manifest, Origin.Default), bound.Streams, Phase.Names.Fault, 0.99, bound.Seconds));
        return groups.Max(group => Enough / (1 - Math.Min(group.Key, 0.99999)) * sent.Length / group.Count());
    }
}
