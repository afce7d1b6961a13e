using System.Net;
using System.Text;

namespace Mainstay.Edge.Exchanges;

/// <summary>What a client asked for. The front adapter fills it in; steps change it into what goes upstream.</summary>
internal sealed class RequestHead
{
    private string? _peerText;

    /// <summary>As sent; case matters.</summary>
    public string Method { get; set; } = "";

    /// <summary>Path and query as they go upstream, percent-encoding untouched: starts with a slash (or is <c>*</c> for OPTIONS).</summary>
    public string Target { get; set; } = "";

    /// <summary>http or https: how the client reached us, as far as it can be trusted.</summary>
    public string Scheme { get; set; } = "http";

    /// <summary>Host and port as the client wrote them; empty if it wrote none.</summary>
    public string Host { get; set; } = "";

    /// <summary>Of the client's request: 10, 11 or 20.</summary>
    public int Version { get; set; }

    public HeaderBlock Headers { get; } = new();

    /// <summary>Whether a body may follow (a length above 0, chunked coding, or an open HTTP/2 stream).</summary>
    public bool HasBody { get; set; }

    /// <summary>Transfer codings besides chunked lie on the body: we cannot take them off, and nobody behind us would know of them.</summary>
    public bool IsCoded { get; set; }

    /// <summary>The body's length, if it was declared.</summary>
    public long? ContentLength { get; set; }

    /// <summary>The client sends its body only when it is asked to: the first read asks.</summary>
    public bool ExpectsContinue => Headers.TryGet(HeaderId.Expect, out var value) && Ascii.EqualsIgnoreCase(value, "100-continue"u8);

    /// <summary>Trailer fields; known once the body has been read to its end, null if there were none.</summary>
    public HeaderBlock? Trailers { get; set; }

    /// <summary>The token of an <c>Upgrade</c> that the client asked for (lower case, such as <c>websocket</c>), or null.</summary>
    public string? Upgrade { get; set; }

    /// <summary>The peer's address: the client, or a proxy in front of us. IPv4 as such, even if it came in on an IPv6 socket.</summary>
    public IPAddress Peer
    {
        get;
        set
        {
            if (ReferenceEquals(field, value))
                return;
            field = value;
            _peerText = null;
        }
    } = IPAddress.None;

    /// <summary><see cref="Peer"/> as text; made once for each connection.</summary>
    public string PeerText => _peerText ??= Peer.ToString();

    /// <summary>Our port that it came in on.</summary>
    public int LocalPort { get; set; }

    /// <summary>Makes the other one say the same; what was read of a body meanwhile stays with this one.</summary>
    public void CopyTo(RequestHead other)
    {
        other.Method = Method;
        other.Target = Target;
        other.Scheme = Scheme;
        other.Host = Host;
        other.Version = Version;
        Headers.CopyTo(other.Headers);
        other.HasBody = HasBody;
        other.ContentLength = ContentLength;
        other.Trailers = Trailers;
        other.Upgrade = Upgrade;
        other.Peer = Peer;
        other.LocalPort = LocalPort;
    }

    public void Clear()
    {
        Method = Target = Host = "";
        Scheme = "http";
        Headers.Clear();
        HasBody = false;
        IsCoded = false;
        ContentLength = null;
        Trailers = null;
        Upgrade = null;
    }
}

/// <summary>The head of an answer, on its way from an upstream or from us to the client.</summary>
internal sealed class AnswerHead
{
    /// <summary>100–599; 0 before there is one.</summary>
    public int Status { get; set; }

    public HeaderBlock Headers { get; } = new();

    /// <summary>Trailer fields; known once the body has been read to its end, null if there were none.</summary>
    public HeaderBlock? Trailers { get; set; }

    public void Clear()
    {
        Status = 0;
        Headers.Clear();
        Trailers = null;
    }
}
