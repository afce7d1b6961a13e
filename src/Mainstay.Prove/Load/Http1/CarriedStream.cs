using System.Buffers;
using System.Buffers.Text;

namespace Mainstay.Prove.Load.Http1;

/// <summary>A stream as the carrier needs it.</summary>
internal sealed class CarriedStream
{
    private readonly byte[] _bytes;
    private readonly Range? _number;
    private long _begun;

    /// <param name="spec">What it sends.</param>
    /// <param name="host">Of the target.</param>
    /// <param name="pool">Of its source address.</param>
    public CarriedStream(StreamSpec spec, string host, int pool)
    {
        (Pool, IsHead, Patience) = (pool, spec.Method == "HEAD", (long)spec.Patience.TotalMicroseconds);
        _bytes = RequestBytes.Of(spec, host);
        _number = RequestBytes.NumberIn(spec, _bytes);
    }

    public int Length => _bytes.Length;

    public int Pool { get; }

    public bool IsHead { get; }

    /// <summary>Microseconds.</summary>
    public long Patience { get; }

    public WaitingRequests Waiting { get; } = new();

    /// <summary>Of a request that begins now: 1, 2, 3 …</summary>
    public long NextNumber() => ++_begun;

    /// <summary>The request of that number; good until the next call.</summary>
    public ReadOnlySpan<byte> Bytes(long number)
    {
        if (_number is { } place)
            _ = Utf8Formatter.TryFormat(number, _bytes.AsSpan(place), out _, new StandardFormat('D', RequestBytes.NumberDigits));
        return _bytes;
    }
}
