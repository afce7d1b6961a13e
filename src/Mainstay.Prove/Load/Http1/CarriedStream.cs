namespace Mainstay.Prove.Load.Http1;

/// <summary>A stream as the carrier needs it.</summary>
/// <param name="spec">What it sends.</param>
/// <param name="host">Of the target.</param>
/// <param name="pool">Of its source address.</param>
internal sealed class CarriedStream(StreamSpec spec, string host, int pool)
{
    public byte[] Bytes { get; } = RequestBytes.Of(spec, host);

    public int Pool => pool;

    public bool IsHead { get; } = spec.Method == "HEAD";

    /// <summary>Microseconds.</summary>
    public long Patience { get; } = (long)spec.Patience.TotalMicroseconds;

    public WaitingRequests Waiting { get; } = new();
}
