using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Net;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Routing;

namespace Mainstay.Edge.Identifying;

/// <summary>
/// The first step: who sends this, behind which proxies, under which id, in which trace, with how much time. After it, every such
/// field of the request is ours: strangers' claims are gone and what concerns only the client's connection is, too.
/// </summary>
/// <remarks>
/// Only the fields' own names count. Others that some programs confuse with them (<c>X_Forwarded_For</c>) are passed on like any
/// field and never believed here.
/// </remarks>
internal sealed class IdentifyStep(RequestIds ids)
{
    private const int LongestId = 128;
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(1);
    private static readonly SearchValues<byte> Visible = SearchValues.Create([.. Enumerable.Range('!', '~' - '!' + 1).Select(c => (byte)c)]);

    public void Identify(Exchange exchange, TrustedProxies proxies)
    {
        var request = exchange.Request;
        var facts = exchange.Facts;
        request.IsCoded = HopByHop.HasForeignCoding(request.Headers);
        // First of all, so that no client can strip what is set below by naming it in Connection.
        HopByHop.RemoveFromRequest(request.Headers, keepUpgrade: request.Upgrade is not null);
        facts.Trusted = proxies.Contains(request.Peer);
        facts.Client = request.Peer;
        var id = ids.Next();
        TakeRequestId(request.Headers, facts, id);
        TakeTimeout(request.Headers, facts);
        TraceContext.Continue(request.Headers, id);
        // A host that cannot be one is refused by routing; nothing is written with it.
        if (!HostName.IsValid(request.Host))
            return;
        if (facts.Trusted)
            facts.Client = NearestStranger(ForwardingFields.Append(request), request.Peer, proxies);
        else
            ForwardingFields.SetAnew(request);
    }

    /// <summary>The rightmost hop that is no trusted proxy: all that stands before it could be made up.</summary>
    private static IPAddress NearestStranger(List<ForwardedHop> hops, IPAddress peer, TrustedProxies proxies)
    {
        var client = peer;
        for (var i = hops.Count - 1; i >= 0 && hops[i].Address is { } address; i--)
        {
            client = address;
            if (!proxies.Contains(address))
                break;
        }
        return client;
    }

    private static void TakeRequestId(HeaderBlock headers, RequestFacts facts, UInt128 id)
    {
        if (facts.Trusted && headers.TryGet(HeaderId.XRequestId, out var given) && given.Length is > 0 and <= LongestId && given.IndexOfAnyExcept(Visible) < 0)
        {
            facts.RequestId = headers.Text(HeaderId.XRequestId)!;
            headers.Set(HeaderId.XRequestId, facts.RequestId);
            return;
        }
        facts.GiveRequestId(id);
        Span<byte> text = stackalloc byte[32];
        ((ulong)(id >> 64)).TryFormat(text, out _, "x16", CultureInfo.InvariantCulture);
        ((ulong)id).TryFormat(text[16..], out _, "x16", CultureInfo.InvariantCulture);
        headers.Set(HeaderId.XRequestId, text);
    }

    /// <summary>What a trusted caller has left bounds the request; forwarding tells each attempt anew what is left then.</summary>
    private static void TakeTimeout(HeaderBlock headers, RequestFacts facts)
    {
        if (!headers.TryGet(HeaderId.MainstayTimeoutMs, out var value))
            return;
        if (facts.Trusted && Utf8Parser.TryParse(value, out long left, out var used) && used == value.Length && left > 0)
            facts.Timeout = TimeSpan.FromMilliseconds(Math.Min(left, LongestTimeout.TotalMilliseconds));
        headers.Remove(HeaderId.MainstayTimeoutMs);
    }
}
