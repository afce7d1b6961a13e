using System.Net;
using Mainstay.Edge.Routing;

namespace Mainstay.Edge.Exchanges;

/// <summary>What the steps found out about a request on its way.</summary>
internal sealed class RequestFacts
{
    /// <summary>Names this request in logs, errors and upstream; 1–128 visible ASCII characters.</summary>
    public string RequestId { get; set; } = "";

    /// <summary>The client's address, behind trusted proxies.</summary>
    public IPAddress Client { get; set; } = IPAddress.None;

    /// <summary>The peer is a trusted proxy.</summary>
    public bool Trusted { get; set; }

    /// <summary>Set by routing; null if nothing matches.</summary>
    public Route? Route { get; set; }

    /// <summary>Timestamp at which the request arrived (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public long Arrived { get; set; }

    /// <summary>Until the answer's head must have arrived, counted from <see cref="Arrived"/>.</summary>
    public TimeSpan Timeout { get; set; }

    /// <summary>Attempts made so far.</summary>
    public int Attempts { get; set; }

    public void Clear()
    {
        RequestId = "";
        Client = IPAddress.None;
        Trusted = false;
        Route = null;
        Attempts = 0;
    }
}
