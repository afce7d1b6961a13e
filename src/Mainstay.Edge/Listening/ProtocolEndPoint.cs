using System.Net;

namespace Mainstay.Edge.Listening;

/// <summary>The half of a shared port that speaks one protocol. Kestrel takes each for an endpoint of its own.</summary>
internal sealed class ProtocolEndPoint(IPEndPoint address, bool isHttp2) : EndPoint
{
    public bool IsHttp2 { get; } = isHttp2;

    public override string ToString() => address.ToString();
}
