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
        long before = 0, from = course.Now;
        if (course.Bench.Proxies.TryGetValue(course.Subject, out var counted))
            before = counted.Count.Requests.Requests;
        await DependencyCourse.RunAsync(
            course,
            async (proxy, token) =>
            {
                // As in the time before the fault: so many calls for each request of a client.
                var usual = (proxy.Count.Requests.Requests - before) / Math.Max(1.0, Requests(course, from, course.Now));
                DependencyCourse.Set(course, proxy, new HttpStatus(new RequestFilter(Ratio: 0.5), 503), new Flaky(0.5));
                var rest = DependencyCourse.Lasting(course) - Measured;
                await course.RestAsync(rest > Window ? rest : Window, token);
                var (at, earlier) = (course.Now, proxy.Count);
                await course.RestAsync(Measured, token);
                var requests = Requests(course, at, course.Now);
                var all = course.Recorder.Exposed(at, course.Now, stream => stream.Role == LoadStream.Roles.Load);
                var calls = CallsOf(proxy.Count, isHttp: usual > 0) - CallsOf(earlier, isHttp: usual > 0);
                course.Recorder.Happened(
                    Happening.Kinds.DependencyCalls, course.Subject, $"{calls} calls for {requests} requests that use it, of {all}; {usual:0.00} for each is usual",
                    ("calls", calls), ("further_calls", calls - (requests * usual)), ("requests", all));
            },
            (one, other) => ("failed", other.RequestsFaulted + other.Refusals - one.RequestsFaulted - one.Refusals),
            cancel);
    }

    /// <summary>What was passed on, and what failed instead. A connection that failed was to carry a request, if requests can be told apart at all.</summary>
    private static long CallsOf(ProxyCount count, bool isHttp) => count.Requests.Requests + count.RequestsFaulted + (isHttp ? count.Refusals : 0);

    private static int Requests(Course course, long from, long to) =>
        course.Recorder.Exposed(from, to, stream => stream.Uses.Contains(course.Subject));
}
