using Mainstay.Manifest.Model;

namespace Mainstay.Edge.Routing;

/// <summary>A route as the steps use it: the spec with all that can be worked out beforehand.</summary>
/// <param name="Spec">As written.</param>
/// <param name="Service">The service it leads to; null for a redirect.</param>
internal sealed record Route(RouteSpec Spec, Balancing.UpstreamSet? Service);
