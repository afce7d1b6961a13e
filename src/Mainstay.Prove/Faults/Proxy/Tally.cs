namespace Mainstay.Prove.Faults.Proxy;

/// <summary>What a proxy counts. Thread-safe.</summary>
internal sealed class Tally
{
    private readonly long[] _counts = new long[Enum.GetValues<Counted>().Length];

    public void Add(Counted what, long count = 1) => Interlocked.Add(ref _counts[(int)what], count);

    public long this[Counted what] => Interlocked.Read(ref _counts[(int)what]);
}

internal enum Counted
{
    /// <summary>Accepted.</summary>
    Connections,

    /// <summary>Ended again.</summary>
    Ended,

    /// <summary>Bytes from clients that reached the upstream's socket.</summary>
    BytesUp,

    /// <summary>Bytes from the upstream, or made by a fault, that reached the client's socket.</summary>
    BytesDown,

    /// <summary>Bytes that had to wait for a fault.</summary>
    BytesDelayed,

    /// <summary>Bytes that a fault dropped.</summary>
    BytesDropped,

    /// <summary>Connections on which bytes had to wait, or were held back altogether.</summary>
    ConnectionsDelayed,

    /// <summary>Connections on which bytes were held back altogether.</summary>
    ConnectionsSilenced,

    /// <summary>Connections that a fault reset.</summary>
    Resets,

    /// <summary>Connections that a fault reset when they were accepted; part of the resets.</summary>
    Refusals,

    /// <summary>Connections that a fault closed in an orderly way.</summary>
    Closes,

    /// <summary>Ends of a stream that a fault passed on later.</summary>
    ClosesDelayed,

    /// <summary>Connections whose upstream could not be reached.</summary>
    UpstreamFailures,

    /// <summary>HTTP requests that a fault answered, delayed or reset.</summary>
    RequestsFaulted,
}
