namespace Mainstay.Prove.Faults.Proxy;

/// <summary>How calls of a dependency are counted: as HTTP requests or, where each opens one, as connections; and how many are usual.</summary>
/// <param name="IsHttp">Requests can be told apart.</param>
/// <param name="Usual">For each request of a client, without a fault.</param>
internal sealed record CallMeasure(bool IsHttp, double Usual)
{
    /// <summary>With fewer connections for each request they are kept: how many there are says nothing about calls.</summary>
    private const double EachOpensOne = 0.5;

    /// <summary>From a time without a fault; null: calls cannot be counted.</summary>
    /// <param name="from">What was counted at its beginning.</param>
    /// <param name="to">And at its end.</param>
    /// <param name="requests">Of clients, that use the dependency, in it.</param>
    public static CallMeasure? Of(ProxyCount from, ProxyCount to, int requests)
    {
        var isHttp = to.Requests.Requests > 0;
        var usual = (isHttp ? to.Requests.Requests - from.Requests.Requests : to.Connections - from.Connections) / Math.Max(1.0, requests);
        return isHttp || usual >= EachOpensOne ? new(isHttp, usual) : null;
    }

    /// <summary>What was passed on, and what failed instead: a connection that failed was to carry a request.</summary>
    public long Calls(ProxyCount from, ProxyCount to) => IsHttp
        ? to.Requests.Requests - from.Requests.Requests + to.RequestsFaulted - from.RequestsFaulted + to.Refusals - from.Refusals
        : to.Connections - from.Connections;
}
