using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Kinds;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Experiments;

/// <summary>A dependency accepts connections and never answers.</summary>
internal sealed class DependencyBlackhole : IExperiment
{
    public string Name => "dependency-blackhole";

    public string Pillar => Pillars.Resilience;

    public string Does(string subject) => $"lets {subject} accept connections and never answer";

    public string AppliesTo => "dependencies that a service `needs`";

    public IEnumerable<Subject> Subjects(Scope scope) => DependencyCourse.Subjects(scope);

    public TimeSpan Length(Scope scope) => DependencyCourse.Length(scope, DependencyCourse.UntilTimeout(scope));

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        DependencyCourse.ExpectWithinTimeout(course, EachWithin.End);
        DependencyCourse.ExpectDoneWithout(course);
        DependencyCourse.ExpectOthersUnharmed(course);
        await DependencyCourse.RunAsync(
            course,
            async (proxy, token) =>
            {
                DependencyCourse.Set(course, proxy, new Blackhole());
                var (compared, outlived) = (DependencyCourse.Lasting(course), DependencyCourse.UntilTimeout(course.Scope));
                await course.RestAsync(compared > outlived ? compared : outlived, token);
            },
            (before, after) => ("connections_silenced", after.ConnectionsSilenced - before.ConnectionsSilenced),
            cancel);
    }
}
