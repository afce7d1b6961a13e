using Mainstay.Edge.Admission;
using Mainstay.Edge.Balancing;
using Mainstay.Edge.Degrading;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding.Hedging;
using Mainstay.Edge.RateLimiting;
using Mainstay.Manifest.Model;

namespace Mainstay.Edge.Routing;

/// <summary>A route as the steps use it: the spec with all that can be worked out beforehand.</summary>
/// <param name="Spec">As written.</param>
/// <param name="Service">The service it leads to; null for a redirect.</param>
internal sealed record Route(RouteSpec Spec, UpstreamSet? Service)
{
    /// <summary>What its requests have to pass before they are forwarded; null: nothing (a redirect).</summary>
    public RouteAdmission? Admission { get; init; }

    /// <summary>What is answered in place of an error; null: the error.</summary>
    public Fallback? Fallback { get; init; }

    /// <summary>What its <c>headers: response:</c> asks for; applied to every answer, our own included.</summary>
    public HeaderRules ResponseHeaders { get; } = new(Spec.ResponseHeaders);

    /// <summary>What its <c>headers: request:</c> asks for; applied before the request is forwarded.</summary>
    public HeaderRules RequestHeaders { get; } = new(Spec.RequestHeaders);

    /// <summary>How many requests it takes; null: any number.</summary>
    public RouteLimit? Limit { get; init; }

    /// <summary>When its requests get a second attempt beside the first; null: never.</summary>
    public RouteHedge? Hedge { get; init; }

    /// <summary>Routes of the same path are tried in this order: few methods, many, any.</summary>
    public int MethodRank { get; } = Spec.Methods.IsDefaultOrEmpty ? int.MaxValue : Spec.Methods.Length;

    /// <summary>Who lists GET means HEAD, too.</summary>
    public bool Allows(string method) =>
        Spec.Methods.IsDefaultOrEmpty || Spec.Methods.Contains(method) || (method == "HEAD" && Spec.Methods.Contains("GET"));
}
