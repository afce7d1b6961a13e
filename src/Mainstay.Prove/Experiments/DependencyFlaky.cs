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
    private const double Budget = 1.2;

    /// <summary>Retries that are allowed where there is little traffic.</summary>
    private const double Floor = 10;

    public string Name => "dependency-flaky";

    public string Pillar => Pillars.Resilience;

    public string Does(string subject) => $"lets half of what is asked of {subject} fail";

    public string AppliesTo => "dependencies that a service `needs`";

    public IEnumerable<Subject> Subjects(Scope scope) => DependencyCourse.Subjects(scope);

    public TimeSpan Length(Scope scope) => DependencyCourse.Length(scope);

    public async Task RunAsync(Course course, CancellationToken cancel)
    {
        course.Recorder.Expect(RatioAtMost.Expect(
            $"retries add at most 20 % to what is asked of it", Origin.Default, Happening.Kinds.DependencyCalls, "calls", "usual_calls", Budget, Floor));
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
                var (at, earlier) = (course.Now, proxy.Count);
                DependencyCourse.Set(course, proxy, new HttpStatus(new RequestFilter(Ratio: 0.5), 503), new Flaky(0.5));
                await course.RestAsync(DependencyCourse.Lasting(course), token);
                var requests = Requests(course, at, course.Now);
                var calls = CallsOf(proxy.Count, isHttp: usual > 0) - CallsOf(earlier, isHttp: usual > 0);
                course.Recorder.Happened(
                    Happening.Kinds.DependencyCalls, course.Subject, $"{calls} calls for {requests} requests, {usual:0.00} for each is usual",
                    ("calls", calls), ("usual_calls", requests * usual), ("requests", requests));
            },
            (one, other) => ("failed", other.RequestsFaulted + other.Refusals - one.RequestsFaulted - one.Refusals),
            cancel);
    }

    /// <summary>What was passed on, and what failed instead. A connection that failed was to carry a request, if requests can be told apart at all.</summary>
    private static long CallsOf(ProxyCount count, bool isHttp) => count.Requests.Requests + count.RequestsFaulted + (isHttp ? count.Refusals : 0);

    private static int Requests(Course course, long from, long to) =>
        course.Recorder.Exposed(from, to, stream => stream.Uses.Contains(course.Subject));
}
