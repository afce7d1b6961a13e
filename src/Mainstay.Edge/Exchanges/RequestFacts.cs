using System.Globalization;
using System.Net;
using Mainstay.Edge.Admission;
using Mainstay.Edge.Balancing;
using Mainstay.Edge.Routing;
using Mainstay.Resilience.RateLimits;

namespace Mainstay.Edge.Exchanges;

/// <summary>What the steps found out about a request on its way.</summary>
internal sealed class RequestFacts
{
    private UInt128 _generatedId;
    private string? _requestId;

    /// <summary>Names this request in logs, errors and upstream; 1–128 visible ASCII characters. Empty before it has been identified.</summary>
    public string RequestId
    {
        // Most requests end without anybody asking for it as text.
        get => _requestId ??= _generatedId == 0 ? "" : _generatedId.ToString("x32", CultureInfo.InvariantCulture);
        set => _requestId = value;
    }

    /// <summary>The client's address, behind trusted proxies.</summary>
    public IPAddress Client { get; set; } = IPAddress.None;

    /// <summary>The peer is a trusted proxy.</summary>
    public bool Trusted { get; set; }

    /// <summary>Set by routing; null if nothing matches.</summary>
    public Route? Route { get; set; }

    /// <summary>What the route's rate limit said; null if it has none.</summary>
    public RateDecision? Rate { get; set; }

    /// <summary>Timestamp at which the request arrived (<see cref="TimeProvider.GetTimestamp"/>).</summary>
    public long Arrived { get; set; }

    /// <summary>Until the answer's head must have arrived, counted from <see cref="Arrived"/>; zero before it is known.</summary>
    public TimeSpan Timeout { get; set; }

    /// <summary>Monotonic seconds by which the answer's head must have arrived.</summary>
    /// <param name="time">The clock that <see cref="Arrived"/> is of.</param>
    public double Deadline(TimeProvider time) => time.Seconds(Arrived) + Timeout.TotalSeconds;

    /// <summary>The request's place at its service's gate.</summary>
    public Place Place { get; } = new();

    /// <summary>Attempts made so far.</summary>
    public int Attempts { get; set; }

    /// <summary>The request id is one of ours; it becomes text when asked for.</summary>
    public void GiveRequestId(UInt128 id)
    {
        _generatedId = id;
        _requestId = null;
    }

    public void Clear()
    {
        _generatedId = 0;
        _requestId = null;
        Client = IPAddress.None;
        Trusted = false;
        Route = null;
        Rate = null;
        Timeout = TimeSpan.Zero;
        Attempts = 0;
    }
}
