using System.Net;
using Mainstay.Prove.Faults.Requests.Malformed;

namespace Mainstay.Prove.Experiments.Planning;

/// <summary>Requests of the load that those which are not as they should be are modelled on, so that they reach the application.</summary>
/// <param name="Ask">Without a body, if there is such a one; of a service of ours, if any is loaded.</param>
/// <param name="Upload">With a body; where nothing takes one, as <paramref name="Ask"/>: nothing is sent that nobody wrote down.</param>
internal sealed record Targets(Exercised Ask, Exercised Upload)
{
    private static readonly string[] WithBody = ["POST", "PUT", "PATCH"];

    public MalformedAims At(IPEndPoint edge) => new(Ask.AimAt(edge), Upload.AimAt(edge));

    /// <summary>How long an answer may take that is a good one: so many seconds, or as long as its route promises.</summary>
    public TimeSpan Patience(double least) => TimeSpan.FromSeconds(Math.Max(least, Math.Max(Ask.Stream.LatencyP99Seconds, Upload.Stream.LatencyP99Seconds)));

    /// <summary>Null: there is no load.</summary>
    public static Targets? Of(Scope scope)
    {
        var own = scope.Loaded.Select(service => service.Name).ToHashSet();
        // What a rate limit refuses gets nowhere, and what may take long is waited for.
        var best = scope.Sent.Where(exercised => own.Count == 0 || own.Contains(exercised.Stream.Service))
            .OrderBy(exercised => exercised.Route.RateLimit is not null).ThenBy(exercised => exercised.Stream.LatencyP99Seconds).ToList();
        var ask = best.Find(exercised => exercised.Stream.Method == "GET") ?? best.FirstOrDefault();
        return ask is null ? null : new(ask, best.Find(exercised => WithBody.Contains(exercised.Stream.Method)) ?? ask);
    }
}
