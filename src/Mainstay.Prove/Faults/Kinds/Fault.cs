namespace Mainstay.Prove.Faults.Kinds;

/// <summary>
/// One fault, as it is asked for. It keeps no state: what it does to a connection is remembered by what it begins there. The same instance in
/// two sets that follow one another goes on as it was; another instance begins anew, even with equal values.
/// </summary>
internal abstract record Fault
{
    /// <summary>Which way it applies. Default: the upstream's answers.</summary>
    public Flow Flow { get; init; } = Flow.Downstream;

    /// <summary>Ratio of connections that it applies to, 0–1; drawn once for each. Default 1.</summary>
    public double Toxicity { get; init; } = 1;

    /// <summary>In a person's words: "latency of 100 ms".</summary>
    public abstract string Text { get; }
}

/// <summary>A fault that decides about each connection when it is accepted.</summary>
internal interface IConnectionFault
{
    /// <summary>Called once when it is put in force; what it returns is asked for each connection, and says whether that one fails.</summary>
    Func<Random, bool> Begin();
}

/// <summary>A fault of the bytes that pass one way.</summary>
internal interface ILinkFault
{
    LinkStage Begin(TimeSpan now, Random chance);
}

/// <summary>A fault of HTTP/1.1 requests.</summary>
internal interface IRequestFault
{
    RequestFilter Which { get; }

    RequestVerdict Verdict { get; }
}
