using System.Net;

namespace Mainstay.Prove.Load.Platform;

/// <summary>A socket address as the C library reads it.</summary>
internal sealed class Address
{
    private readonly byte[] _bytes;

    public Address(IPEndPoint endPoint)
    {
        var serialized = endPoint.Serialize();
        _bytes = serialized.Buffer.Span[..serialized.Size].ToArray();
        Family = BitConverter.ToUInt16(_bytes);
    }

    public ushort Family { get; }

    public ReadOnlySpan<byte> Bytes => _bytes;
}
