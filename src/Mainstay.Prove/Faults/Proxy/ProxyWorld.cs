using System.Net;
using Mainstay.Prove.Faults.Proxy.Http;

namespace Mainstay.Prove.Faults.Proxy;

/// <summary>What all connections of a proxy share.</summary>
internal sealed class ProxyWorld(EndPoint upstream, ulong seed, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public EndPoint Upstream => upstream;

    public TimeProvider Time => time;

    public Tally Tally { get; } = new();

    public RequestLedger Ledger { get; } = new();

    /// <summary>Since the proxy's start.</summary>
    public TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>The same for the same seed, connection and purpose (SplitMix64, Steele, Lea and Flood).</summary>
    public Random ChanceOf(long connection, int purpose)
    {
        var mixed = seed + (((ulong)connection * 8) + (ulong)purpose + 1) * 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return new((int)(mixed ^ (mixed >> 31)));
    }
}
