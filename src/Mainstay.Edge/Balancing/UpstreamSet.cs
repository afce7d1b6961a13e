namespace Mainstay.Edge.Balancing;

/// <summary>The upstreams of one service: picks one for each attempt.</summary>
internal sealed class UpstreamSet(string service)
{
    public string Service { get; } = service;
}
