using Mainstay.Prove.Experiments.Labs;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Kinds;
using Mainstay.Prove.Faults.Proxy;
using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments;

/// <summary>What all experiments with a dependency do alike: baseline, fault at the proxy, the evidence, the fault off, recovery.</summary>
internal static class DependencyCourse
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(12);

    /// <summary>How long the fault lasts, and the time before it that it is compared with.</summary>
    public static TimeSpan Lasting(Course course) => Lasting(course.Scope, course.PerSecond > 0 ? course.PerSecond : course.Bench.Level.PerSecond);

    /// <summary>All of it, with a fault of that length at least.</summary>
    public static TimeSpan Length(Scope scope, TimeSpan fault = default, TimeSpan? recovery = null)
    {
        var lasting = Lasting(scope, Sizing.Usual);
        return Settling + lasting + (fault > lasting ? fault : lasting) + (recovery ?? Recovery);
    }

    /// <summary>Long enough for eight windows of a hundred requests of each stream: fewer cannot be compared.</summary>
    private static TimeSpan Lasting(Scope scope, double perSecond)
    {
        var window = Math.Ceiling(100 / Math.Max(0.1, perSecond / Math.Max(1, scope.Sent.Length)));
        return TimeSpan.FromSeconds(Math.Clamp((8 * window) + 2, Usual.TotalSeconds, 40));
    }

    /// <summary>Dependencies that a service of ours is told of, and that the load reaches.</summary>
    public static IEnumerable<Subject> Subjects(Scope scope) =>
        from dependency in scope.Manifest.Dependencies
        where scope.Own.Any(service => service.Needs.Any(need => need.Dependency == dependency.Name))
        select new Subject(dependency.Name, Refusal(scope, dependency.Name));

    /// <summary>The longest fault that any dependency needs, so that each request that begins in it is seen to its end.</summary>
    public static TimeSpan UntilTimeout(Scope scope) => TimeSpan.FromSeconds(Math.Clamp(
        scope.Sent.Where(exercised => exercised.Stream.Uses.Length > 0).Select(exercised => exercised.Stream.TimeoutSeconds).DefaultIfEmpty(0).Max() + 6, 10, 40));

    public static async Task RunAsync(
        Course course, Func<FaultProxy, CancellationToken, Task> breakIt, Func<ProxyCount, ProxyCount, (string Name, double Value)> bite, CancellationToken cancel,
        TimeSpan? recovery = null)
    {
        if (!course.Bench.Proxies.TryGetValue(course.Subject, out var proxy))
        {
            course.Trouble($"there is no proxy in front of {course.Subject}");
            return;
        }
        course.Recorder.Expect(Met(course));
        await course.BeginAsync(cancel);
        await course.BaselineAsync(Lasting(course), cancel);
        await course.PhaseAsync(Phase.Names.Fault, async () =>
        {
            try
            {
                await course.MaybeTwiceAsync(async () =>
                {
                    var before = proxy.Count;
                    await breakIt(proxy, cancel);
                    var (name, value) = bite(before, proxy.Count);
                    if (value > 0)
                        course.Recorder.Happened(Kinds.Bit, course.Subject, $"{name.Replace('_', ' ')}: {value:0}", (name, value));
                });
            }
            finally
            {
                proxy.Clear();
            }
            course.Recorder.Happened(Kinds.FaultOff, course.Subject, $"{course.Subject} is as it was");
        });
        await course.PhaseAsync(Phase.Names.Recovery, () => course.RestAsync(recovery ?? Recovery, cancel));
    }

    /// <summary>The application has met the fault, which it cannot where it goes past the proxy.</summary>
    public static Expectation Met(Course course) => Happens.Expect(
        "the fault was met", Origin.Default, Kinds.Bit, evidence: true, hint: $"a url of {course.Subject} that is written by hand leads past the proxy that breaks it");

    /// <summary>Puts faults in force and says so.</summary>
    public static void Set(Course course, FaultProxy proxy, params Fault[] faults)
    {
        proxy.Set(faults);
        course.Recorder.Happened(Kinds.FaultOn, course.Subject, $"{course.Subject}: {proxy.Faults.Text}");
    }

    /// <summary>No request of a route that uses it outlives the route's own timeout; one claim for each timeout.</summary>
    /// <param name="course">Its claims.</param>
    /// <param name="measure">Until the head, which is what Mainstay enforces, or until the end: an answer whose body never comes is none.</param>
    public static void ExpectWithinTimeout(Course course, string measure = EachWithin.Head) =>
        course.Recorder.Expect(WithinTimeout(course.Scope, course.Subject, measure));

    /// <inheritdoc cref="ExpectWithinTimeout"/>
    internal static IEnumerable<Expectation> WithinTimeout(Scope scope, string dependency, string measure)
    {
        var answered = measure == EachWithin.End ? "is answered in full" : "is answered";
        return
            from those in StreamGroup<Bound>.Of(scope, $"load uses:{dependency}", BoundOf)
            select EachWithin.Expect(
                $"each request {(those.Names is null ? "that uses it" : $"of {those.Names}")} {answered} within {those.Key.Seconds:0.###} s, its route's {(those.Key.IsObjective ? "p99 objective" : "timeout")}",
                those.Key.From(scope.Manifest, those.Route, Origin.Of(scope.Manifest, those.Route, "timeout", those.Route.Timeout, TimeSpan.FromSeconds(30))),
                those.Streams, Phase.Names.Fault, those.Key.Seconds, measure);

        // An answer may be promised to take longer than its head may.
        Bound BoundOf(LoadStream stream) => measure == EachWithin.End && stream.LatencyP99Seconds > stream.TimeoutSeconds
            ? new(stream.LatencyP99Seconds, true)
            : new(stream.TimeoutSeconds, false);
    }

    /// <summary>What can do without it does, as long as it is broken.</summary>
    public static void ExpectDoneWithout(Course course)
    {
        var name = course.Subject;
        if (course.Scope.Sent.Select(exercised => exercised.Stream).Any(stream => stream.Uses.Contains(name) && !stream.Requires.Contains(name)))
        {
            course.Recorder.Expect(NoFailures.Expect(
                $"no request fails for want of {name}, which is optional", "services.needs", $"load uses:{name} not-requires:{name}", Phase.Names.Fault));
        }
    }

    /// <summary>Routes that do not use it are as they were.</summary>
    public static void ExpectOthersUnharmed(Course course)
    {
        if (course.Scope.Sent.Any(exercised => !exercised.Stream.Uses.Contains(course.Subject)))
            course.Recorder.Expect(Unharmed.Expect("routes that do not use it are unharmed", Origin.Default, $"load not-uses:{course.Subject}"));
    }

    private static string? Refusal(Scope scope, string name)
    {
        var dependency = scope.Manifest.Dependencies.First(known => known.Name == name);
        return !scope.Reach.Has(name) ? scope.Reach.WhyNot(name)
            : dependency.Variable is null ? $"no service is told where {name} is; give it a `variable`, so that a proxy can stand in front of it"
            : DependencyUrl.EndPointOf(scope.Reach.UrlOf(name)!) is null ? $"its url names no host and port that a proxy could stand in front of"
            : scope.Sent.All(exercised => !exercised.Stream.Uses.Contains(name)) ? $"no route that is exercised uses {name}"
            : null;
    }
}
