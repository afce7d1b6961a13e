using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Kinds;
using Mainstay.Prove.Faults.Proxy;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Experiments;

/// <summary>Half of what is asked of a dependency fails.</summary>
internal sealed class DependencyFlaky : IExperiment
{
    /// <summary>What retries may add, at most.</summary>
    private const double Budget = 0.2;

    /// <summary>Retries that are allowed in each window where there is little traffic: ten, and what is measured touches three windows.</summary>
    private const double Floor = 30;

    /// <summary>A budget is counted over such a window, and full when the fault begins: what counts is what comes after it.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    /// <summary>Whole windows: a budget that is used up is spent again in a burst as soon as its window has passed.</summary>
    private static readonly TimeSpan Measured = 2 * Window;

    public string Name => "dependency-flaky";

    public string Pillar => Pillars.Resilience;

    public string Does(string subject) => $"lets half of what is asked of {subject} fail";

    public string AppliesTo => "dependencies that a service `needs`";

    public IEnumerable<Subject> Subjects(Scope scope) => DependencyCourse.Subjects(scope);

    public TimeSpan Length(Scope scope) => DependencyCourse.Length(scope, Window + Measured);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        course.Recorder.Expect(RatioAtMost.Expect(
            "retries are at most 20 % of the requests", Origin.Default, Happening.Kinds.DependencyCalls, "further_calls", "requests", Budget, Floor));
        DependencyCourse.ExpectOthersUnharmed(course);
        var (from, idle) = (course.Now, course.Bench.Proxies.GetValueOrDefault(course.Subject)?.Count);
        var learnt = false;
        CallMeasure? measure = null;
        await DependencyCourse.RunAsync(
            course,
            async (proxy, token) =>
            {
                // Before the first stretch: by the second one the fault has been there.
                if (!learnt)
                    measure = CallMeasure.Of(idle!, proxy.Count, Requests(course, from, course.Now));
                learnt = true;
                DependencyCourse.Set(course, proxy, new HttpStatus(new RequestFilter(Ratio: 0.5), 503), new Flaky(0.5));
                var rest = DependencyCourse.Lasting(course) - Measured;
                await course.RestAsync(rest > Window ? rest : Window, token);
                var (at, earlier) = (course.Now, proxy.Count);
                await course.RestAsync(Measured, token);
                Tell(course, measure, earlier, proxy.Count, at);
            },
            (one, other) => ("failed", other.RequestsFaulted + other.Refusals - one.RequestsFaulted - one.Refusals),
            cancel);
    }

    private static void Tell(Course course, CallMeasure? measure, ProxyCount earlier, ProxyCount later, long from)
    {
        var name = course.Subject;
        var users = course.Scope.Sent.Select(exercised => exercised.Stream).Where(stream => stream.Uses.Contains(name)).Select(stream => stream.Service).ToHashSet();
        var to = course.Now;
        var requests = Requests(course, from, to);
        // A budget is a service's: the requests of others add nothing to it.
        var all = course.Recorder.Exposed(from, to, stream => stream.Role == LoadStream.Roles.Load && users.Contains(stream.Service));
        if (measure is null)
        {
            course.Recorder.Happened(
                Happening.Kinds.DependencyCalls, name, $"{name} speaks no HTTP/1 and connections to it are kept, so that calls cannot be told apart",
                ("further_calls", double.NaN), ("requests", all));
            return;
        }
        var calls = measure.Calls(earlier, later);
        course.Recorder.Happened(
            Happening.Kinds.DependencyCalls, name, $"{calls} calls for {requests} requests that use it, of {all} of the same services; {measure.Usual:0.00} for each is usual",
            ("calls", calls), ("further_calls", calls - (requests * measure.Usual)), ("requests", all));
    }

    private static int Requests(Course course, long from, long to) =>
        course.Recorder.Exposed(from, to, stream => stream.Uses.Contains(course.Subject));
}
