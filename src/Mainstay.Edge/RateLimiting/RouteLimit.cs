using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Mainstay.Edge.Exchanges;
using Mainstay.Manifest.Model;
using Mainstay.Resilience.RateLimits;

namespace Mainstay.Edge.RateLimiting;

/// <summary>What one route allows, and the buckets of those who asked. Lives on while its route and its limit stay as they are. Thread-safe.</summary>
internal sealed class RouteLimit(RateLimitSpec spec)
{
    private readonly KeyedBuckets _buckets = new(new RatePolicy(spec.Rate, spec.Burst));
    private readonly SipHash _hash = new(Secret());
    private readonly byte[] _header = Encoding.Latin1.GetBytes(spec.Header ?? "");
    private readonly byte[] _policy = Encoding.ASCII.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"\"route\";q={spec.Burst};w={Math.Max(1, Math.Ceiling(spec.Burst / spec.Rate))}"));

    public RateDecision Take(Exchange exchange, double now) => _buckets.Take(KeyOf(exchange), now);

    /// <summary><c>RateLimit</c> and <c>RateLimit-Policy</c> (draft-ietf-httpapi-ratelimit-headers-10): what is left, and until all is there again.</summary>
    public void Announce(HeaderBlock headers, in RateDecision decision)
    {
        Span<byte> value = stackalloc byte[48];
        var reset = (long)Math.Min(Math.Ceiling(decision.ResetAfter), 999_999_999);
        Utf8.TryWrite(value, CultureInfo.InvariantCulture, $"\"route\";r={decision.Remaining};t={reset}", out var length);
        headers.Set(HeaderId.RateLimit, value[..length]);
        headers.Set(HeaderId.RateLimitPolicy, _policy);
    }

    private UInt128 KeyOf(Exchange exchange) => spec.By switch
    {
        RateLimitBy.Client => KeyOf(exchange.Facts.Client),
        // Requests without the field share one bucket: leaving it out is no way around the limit.
        RateLimitBy.Header => exchange.Request.Headers.IndexOf(_header) is var at and >= 0 ? _hash.Hash(exchange.Request.Headers.ValueAt(at)) : 0,
        _ => 0,
    };

    /// <summary>An IPv6 client has a /64 to itself, and could come from another address each time.</summary>
    private static UInt128 KeyOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.IsIPv4MappedToIPv6
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes[12..])
            : address.AddressFamily == AddressFamily.InterNetwork
                ? BinaryPrimitives.ReadUInt32BigEndian(bytes)
                : new UInt128(BinaryPrimitives.ReadUInt64BigEndian(bytes), 1);
    }

    private static UInt128 Secret()
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt128LittleEndian(bytes);
    }
}
