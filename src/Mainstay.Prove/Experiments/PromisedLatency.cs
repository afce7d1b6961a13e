using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Experiments;

/// <summary>The routes' p99 objectives, as claims: one for each, for all the routes that share it.</summary>
internal static class PromisedLatency
{
    /// <param name="course">Its routes.</param>
    /// <param name="whose">As a text reads: "the requests", "their requests".</param>
    public static IEnumerable<Expectation> Of(Course course, string whose) =>
        from bound in SharedBound.Of(course.Scope, "load", stream => (stream.LatencyP99Seconds, true))
        select LatencyQuantile.Expect(
            $"99 % of {whose}{(bound.Names is { } names ? $" of {names}" : "")} are answered within {bound.Seconds:0.###} s",
            bound.From(course.Scope.Manifest, Origin.Default), bound.Streams, Phase.Names.Fault, 0.99, bound.Seconds);
}
