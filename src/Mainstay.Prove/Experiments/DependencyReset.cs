using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Kinds;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Experiments;

/// <summary>Connections to a dependency are reset in the middle of an answer, for moments.</summary>
internal sealed class DependencyReset : IExperiment
{
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(12);

    /// <summary>Answers are held up for so long, so that there are some to be cut off.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(900);

    public string Name => "dependency-reset";

    public string Pillar => Pillars.Resilience;

    public string Does(string subject) => $"resets connections to {subject} in the middle of answers, for moments";

    public IEnumerable<Subject> Subjects(Scope scope) => DependencyCourse.Subjects(scope);

    public TimeSpan Length(Scope scope) => DependencyCourse.Around + Lasting;

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        Expect(course);
        await DependencyCourse.RunAsync(
            course,
            async (proxy, token) =>
            {
                course.Recorder.Happened(Happening.Kinds.FaultOn, course.Subject, $"{course.Subject}: live connections are reset once a second");
                var start = course.Time.GetTimestamp();
                while (course.Time.GetElapsedTime(start) < Lasting)
                {
                    proxy.Set(new Latency(Gathering));
                    await course.RestAsync(Gathering, token);
                    proxy.Set(new Reset(After: TimeSpan.Zero));
                    proxy.Clear();
                    await course.RestAsync(Between, token);
                }
            },
            (before, after) => ("resets", after.Resets - before.Resets),
            cancel);
    }

    private static void Expect(Course course)
    {
        course.Recorder.Expect(NoFailures.Expect(
            "no idempotent request fails", Origin.Default, $"load idempotent uses:{course.Subject}", Phase.Names.Fault));
        DependencyCourse.ExpectOthersUnharmed(course);
    }
}
