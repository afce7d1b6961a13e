using Mainstay.Manifest.Model;
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

    public string Name => "baseline";

    public string Pillar => Pillars.All;

    public string Does(string subject) => "sends the ordinary load and breaks nothing";

    public IEnumerable<Subject> Subjects(Scope scope) => scope.Sent.IsEmpty ? [] : [new("")];

    public TimeSpan Length(Scope scope) => TimeSpan.FromSeconds(35);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        var sent = course.Scope.Sent;
        var groups = Expect(course);
        course.PerSecond = Math.Min(course.Bench.Level.PerSecond * 2, Math.Max(course.Bench.Level.PerSecond, course.Bench.Level.Bearable * 0.3));
        await course.BeginAsync(cancel);
        // So many without a failure prove the strictest objective at the first of two looks, at 97.5 %.
        var needed = 3.69 / (1 - sent.Max(exercised => Math.Min(exercised.Stream.Availability, 0.99999))) * 1.05 * groups;
        var length = TimeSpan.FromSeconds(Math.Clamp(needed / course.PerSecond, Shortest.TotalSeconds, Longest.TotalSeconds));
        await course.PhaseAsync(Phase.Names.Fault, () => course.MaybeTwiceAsync(() => course.RestAsync(length, cancel)));
    }

    /// <summary>One claim for all streams where all promise the same, else one for each; how many groups there are.</summary>
    private static int Expect(Course course)
    {
        var sent = course.Scope.Sent;
        var alike = sent.Select(exercised => exercised.Route.Objective).Distinct().Count() == 1;
        for (var i = 0; i < (alike ? 1 : sent.Length); i++)
        {
            var (objective, route) = (sent[i].Route.Objective, sent[i].Route);
            var (streams, of) = alike ? ("load", "") : ($"#{i}", $" of {sent[i].Stream.Name}");
            course.Recorder.Expect(
                FailureRate.Expect(
                    $"{objective.Availability:0.####%} of the requests{of} succeed", From(course, route, "objective.availability", objective.Availability, 0.999),
                    streams, Phase.Names.Fault, 1 - objective.Availability),
                LatencyQuantile.Expect(
                    $"99 % of the requests{of} are answered within {objective.LatencyP99.TotalMilliseconds:0} ms",
                    From(course, route, "objective.latency.p99", objective.LatencyP99, TimeSpan.FromSeconds(1)),
                    streams, Phase.Names.Fault, 0.99, objective.LatencyP99.TotalSeconds));
        }
        return alike ? 1 : sent.Length;
    }

    private static string From<T>(Course course, RouteSpec route, string key, T value, T usual) => Origin.Of(course.Scope.Manifest, route, key, value, usual);
}
