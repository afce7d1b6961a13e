using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>A dependency answers a second later.</summary>
internal sealed class DependencySlow : IExperiment
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Jitter = TimeSpan.FromMilliseconds(200);

    public string Name => "dependency-slow";

    public string Pillar => Pillars.Resilience;

    public string Does(string subject) => $"lets {subject} answer 1 s later";

    public string AppliesTo => "dependencies that a service `needs`";

    public IEnumerable<Subject> Subjects(Scope scope) => DependencyCourse.Subjects(scope);

    public TimeSpan Length(Scope scope) => DependencyCourse.Length(scope);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        DependencyCourse.ExpectWithinTimeout(course);
        DependencyCourse.ExpectDoneWithout(course);
        DependencyCourse.ExpectOthersUnharmed(course);
        await DependencyCourse.RunAsync(
            course,
            async (proxy, token) =>
            {
                DependencyCourse.Set(course, proxy, new Latency(Delay, Jitter));
                await course.RestAsync(DependencyCourse.Lasting(course), token);
            },
            (before, after) => ("bytes_delayed", after.BytesDelayed - before.BytesDelayed),
            cancel);
    }
}
