using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Kinds;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Experiments;

/// <summary>A dependency is gone: connections to it are refused.</summary>
internal sealed class DependencyDown : IExperiment
{
    /// <summary>What cannot be answered without it is refused within this time.</summary>
    private const double Fast = 1;

    /// <summary>Once it is back, so is what needs it.</summary>
    private const double Limit = 10;

    private static readonly TimeSpan Recovery = RecoveredWithin.Watching(Limit);

    public string Name => "dependency-down";

    public string Pillar => Pillars.Resilience;

    public string Does(string subject) => $"lets connections to {subject} be refused";

    public string AppliesTo => "dependencies that a service `needs`";

    public IEnumerable<Subject> Subjects(Scope scope) => DependencyCourse.Subjects(scope);

    public TimeSpan Length(Scope scope) => DependencyCourse.Length(scope, recovery: Recovery);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        Expect(course);
        var (refused, idle) = (false, course.Bench.Proxies.GetValueOrDefault(course.Subject)?.Count.BytesUp);
        await DependencyCourse.RunAsync(
            course,
            async (proxy, token) =>
            {
                // Who is refused leaves no trace; who has asked by way of the proxy until now meets it.
                var asked = proxy.Count.BytesUp > idle;
                DependencyCourse.Set(course, proxy, new Refuse());
                refused = asked && await proxy.IsRefusingAsync(token);
                await course.RestAsync(DependencyCourse.Lasting(course), token);
            },
            (_, _) => ("connections_refused", refused ? 1 : 0),
            cancel,
            Recovery);
    }

    private static void Expect(Course course)
    {
        var name = course.Subject;
        var streams = course.Scope.Sent.Select(exercised => exercised.Stream).Where(stream => stream.Uses.Contains(name)).ToList();
        DependencyCourse.ExpectDoneWithout(course);
        if (streams.Any(stream => stream.Requires.Contains(name)))
        {
            course.Recorder.Expect(FailsFast.Expect(
                $"what needs {name} is answered 503 within {Fast:0.#} s", Origin.Default, $"load requires:{name}", Phase.Names.Fault, Fast));
        }
        course.Recorder.Expect(RecoveredWithin.Expect(
            $"the objectives hold again within {Limit:0} s of {name} being back", Origin.Default, $"load uses:{name}", Happening.Kinds.FaultOff, Limit));
        course.Recorder.Expect(NeverHappens.Expect("no replica is restarted", Origin.Default, Happening.Kinds.Restarted, Phase.Names.Fault));
        DependencyCourse.ExpectOthersUnharmed(course);
    }
}
