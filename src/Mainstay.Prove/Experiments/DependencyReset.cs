using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Kinds;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Experiments;

/// <summary>Connections to a dependency are reset in the middle of an answer, for moments.</summary>
internal sealed class DependencyReset : IExperiment
{
    /// <summary>Answers are held up for so long, so that there are some to be cut off.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    /// <summary>Milliseconds between two moments, drawn anew each time: who tries again after a second must not meet the next one each time.</summary>
    private static readonly (int Least, int Most) Between = (1200, 2300);

    public string Name => "dependency-reset";

    public string Pillar => Pillars.Resilience;

    public string Does(string subject) => $"resets connections to {subject} in the middle of answers, for moments";

    public string AppliesTo => "dependencies that a service `needs`";

    public IEnumerable<Subject> Subjects(Scope scope) => DependencyCourse.Subjects(scope);

    public TimeSpan Length(Scope scope) => DependencyCourse.Length(scope);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        Expect(course);
        var replays = new ReplayWatch(course, "what is not idempotent is not sent again", name => name == course.Subject);
        await DependencyCourse.RunAsync(
            course,
            async (proxy, token) =>
            {
                replays.Begin();
                course.Recorder.Happened(Happening.Kinds.FaultOn, course.Subject, $"{course.Subject}: live connections are reset every 1.2 to 2.3 s");
                var start = course.Time.GetTimestamp();
                while (course.Time.GetElapsedTime(start) < DependencyCourse.Lasting(course))
                {
                    proxy.Set(new Latency(Gathering));
                    await course.RestAsync(Gathering, token);
                    // Those of this moment only: a second attempt, which may follow at once, must not meet it again.
                    proxy.ResetLive();
                    proxy.Clear();
                    await course.RestAsync(TimeSpan.FromMilliseconds(course.Chance.Next(Between.Least, Between.Most)), token);
                }
                replays.Tell();
            },
            (earlier, later) => ("resets", later.Resets - earlier.Resets),
            cancel);
    }

    private static void Expect(Course course)
    {
        course.Recorder.Expect(NoFailures.Expect(
            "no idempotent request fails", Origin.Default, $"load idempotent uses:{course.Subject}", Phase.Names.Fault));
        course.Recorder.Expect(NeverHappens.Expect("no replica ends by itself", Origin.Default, Happening.Kinds.ReplicaDied, Phase.Names.Fault));
        DependencyCourse.ExpectOthersUnharmed(course);
    }
}
