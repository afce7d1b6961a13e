using System.IO.Pipelines;
using System.Net;
using System.Security.Cryptography;
using Mainstay.Edge.Exchanges;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Mainstay.Edge.Listening;

/// <summary>
/// A request in Kestrel, as the steps see it. Lives as long as the connection (HTTP/1.1) or the pooled stream (HTTP/2): Kestrel's
/// features are the same objects for every request there, so they are looked up once.
/// </summary>
internal sealed class KestrelExchange : Exchange
{
    private readonly IFeatureCollection _features;
    private readonly ListenerState _listener;
    private readonly IHttpRequestFeature _request;
    private readonly IHttpResponseFeature _response;
    private readonly IHttpResponseBodyFeature _responseBody;
    private readonly IRequestBodyPipeFeature _requestPipe;
    private readonly IHttpRequestBodyDetectionFeature _detection;
    private readonly IHttpRequestLifetimeFeature _lifetime;
    private readonly CancellationToken _connectionClosed;
    private readonly HeaderTransfer _headers = new();
    private readonly ClientBody _body;
    private readonly IPAddress _peer;
    private readonly int _localPort;
    private IHttpExtendedConnectFeature? _tunnel;
    private TrailerChunks? _chunks;
    private bool _bodyTaken;
    private volatile bool _isAborted;
    private bool _headIsAll;
    private bool _isFramingDoubtful;

    public KestrelExchange(IFeatureCollection features, ListenerState listener, TimeProvider time)
    {
        Time = time;
        _features = features;
        _listener = listener;
        _request = features.GetRequiredFeature<IHttpRequestFeature>();
        _response = features.GetRequiredFeature<IHttpResponseFeature>();
        _responseBody = features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _requestPipe = features.GetRequiredFeature<IRequestBodyPipeFeature>();
        _detection = features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>();
        _lifetime = features.GetRequiredFeature<IHttpRequestLifetimeFeature>();
        _connectionClosed = features.GetRequiredFeature<IConnectionLifetimeFeature>().ConnectionClosed;
        var connection = features.GetRequiredFeature<IHttpConnectionFeature>();
        _peer = connection.RemoteIpAddress is { IsIPv4MappedToIPv6: true } mapped ? mapped.MapToIPv4() : connection.RemoteIpAddress ?? IPAddress.None;
        _localPort = connection.LocalPort;
        _body = new(this, features);
        Output = StreamOutput.Of(features);
        features.Get<FirstRequests.FirstRequest>()?.End();
    }

    public override TimeProvider Time { get; }

    /// <summary>Null on HTTP/1.1.</summary>
    public StreamOutput? Output { get; }

    public override PipeReader RequestBody
    {
        get
        {
            // Not before somebody asks: taking Kestrel's reader costs.
            if (!_bodyTaken)
            {
                var limit = _body.Limit;
                _body.Begin(_requestPipe.Reader);
                _body.Limit = limit;
                _bodyTaken = true;
            }
            return _body;
        }
    }

    /// <summary>On HTTP/1.1 the connection's own token: no source for each request. A client that closes its sending half counts as gone.</summary>
    public override CancellationToken ClientGone => Request.Version < 20 ? _connectionClosed : _lifetime.RequestAborted;

    /// <summary>Aborted, on HTTP/1.1 and with a body that may not have been read to its end: nothing behind it on the connection is a request.</summary>
    public bool IsLast => _isAborted && _bodyTaken && Request.Version < 20;

    public override bool AnswerStarted => _headIsAll || _response.HasStarted;

    public override PipeWriter AnswerBody => _chunks ?? _responseBody.Writer;

    public override void LimitBody(long bytes) => _body.Limit = bytes;

    /// <summary>Takes the next request in.</summary>
    public void Begin(long arrived)
    {
        Reset();
        if (Output is { } output)
            output.IsMarkedQueued = false;
        _bodyTaken = false;
        _isAborted = false;
        _headIsAll = false;
        _chunks = null;
        _tunnel = null;
        _body.Limit = long.MaxValue;
        Facts.Arrived = arrived;
        Request.Peer = _peer;
        Request.LocalPort = _localPort;
        Request.Method = _request.Method;
        Request.Target = RequestTarget.OriginForm(_request.RawTarget);
        Request.Version = _request.Protocol switch { "HTTP/1.1" => 11, "HTTP/2" => 20, _ => 10 };
        var headers = _request.Headers;
        HeaderTransfer.ToBlock(headers, Request.Headers);
        Request.Host = headers.Host.ToString();
        Request.ContentLength = headers.ContentLength;
        Request.HasBody = _detection.CanHaveBody;
        _isFramingDoubtful = Request.Version < 20 && headers.TransferEncoding.Count > 0 && IsDoubtful();
        if (Request.Version == 20)
            TakeExtendedConnect();
        else if (Request.Headers.Has(HeaderId.Upgrade))
            TakeUpgrade();
    }

    public override void Abort()
    {
        _isAborted = true;
        _lifetime.Abort();
    }

    public override async ValueTask CompleteAnswerAsync()
    {
        if (_chunks is { } chunks)
            await chunks.EndAsync(Answer.Trailers);
        else if (Answer.Trailers is { Count: > 0 } trailers && _features.Get<IHttpResponseTrailersFeature>()?.Trailers is { IsReadOnly: false } fields)
            _headers.FromBlock(trailers, fields);
        // The head may have gone out long before; its connection must not wait for another request to learn it.
        if (_listener.IsClosing && Request.Version == 20)
            AnnounceClose();
        if (IsLeftUnsent())
            await _responseBody.Writer.FlushAsync();
        await _responseBody.CompleteAsync();
    }

    protected override ValueTask SendHeadAsync(CancellationToken cancel)
    {
        FillHead();
        // A trailers-only answer is one HEADERS frame that ends the stream (some gRPC clients insist): it goes out with the end.
        _headIsAll = Request.Version == 20 && GrpcAnswer.IsTrailersOnly(Answer);
        return _headIsAll ? default : new(_responseBody.StartAsync(cancel));
    }

    protected override async ValueTask<IDuplexPipe> SwitchProtocolsAsync(CancellationToken cancel)
    {
        if (_tunnel is { } tunnel)
        {
            // HTTP/2 has no 101 (RFC 8441, section 5): the stream is the tunnel, and the key exchange is ours alone.
            Answer.Headers.Remove(HeaderId.Upgrade);
            Answer.Headers.Remove(HeaderId.SecWebSocketAccept);
            Answer.Status = 200;
            FillHead();
            return new StreamDuplexPipe(await tunnel.AcceptAsync());
        }
        FillHead();
        return new StreamDuplexPipe(await _features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync());
    }

    private void FillHead()
    {
        var to = _response.Headers;
        _response.StatusCode = Answer.Status;
        if (Answer.Status is 204 or < 200)
            Answer.Headers.Remove(HeaderId.ContentLength);
        _headers.FromBlock(Answer.Headers, to);
        if (Request.Version == 11 && TrailerChunks.Needed(Request, Answer))
        {
            to.TransferEncoding = "chunked";
            _chunks = new(_responseBody.Writer);
        }
        if ((_listener.IsClosing || _isFramingDoubtful) && Answer.Status != 101)
            AnnounceClose();
    }

    /// <summary>
    /// Kestrel ends a body without chunks (of known length, or up to the connection's end) by sending what is left of it only if the head is
    /// among that: anything else would wait for the next answer on the connection, or for its end.
    /// </summary>
    private bool IsLeftUnsent() =>
        Request.Version < 20 && _response.Headers.TransferEncoding.Count == 0 && _responseBody.Writer.UnflushedBytes > 0;

    /// <summary>
    /// Others on the way may have seen the body end elsewhere, and what follows it is in doubt (RFC 9112, sections 6.1 and 6.3): a coding that is
    /// not ours to take off, a version that has no codings. With a length beside a coding, Kestrel closes by itself.
    /// </summary>
    private bool IsDoubtful() => Request.Version == 10 || HopByHop.HasForeignCoding(Request.Headers);

    private void AnnounceClose()
    {
        if (Request.Version < 20)
            _response.Headers.Connection = "close";
        else
            _features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
    }

    private void TakeUpgrade()
    {
        if (_features.Get<IHttpUpgradeFeature>() is not { IsUpgradableRequest: true } || Request.Method != "GET")
            return;
        var upgrade = Request.Headers.Text(HeaderId.Upgrade)!.Trim().ToLowerInvariant();
        if (IsAnotherHttp(upgrade))
            return;
        Request.Upgrade = upgrade;
        // A tunnel's bytes are no body.
        Request.HasBody = false;
    }

    /// <summary>Requests inside such a tunnel would pass by every route and rule. A server may leave an offer to upgrade unanswered.</summary>
    private static bool IsAnotherHttp(string upgrade)
    {
        foreach (var range in upgrade.AsSpan().Split(','))
        {
            var protocol = upgrade.AsSpan()[range].Trim();
            if (protocol is "h2c" or "h2" or "http" or "tls" || protocol.StartsWith("http/") || protocol.StartsWith("tls/"))
                return true;
        }
        return false;
    }

    /// <summary>Extended CONNECT (RFC 8441): a WebSocket on an HTTP/2 stream goes on as the upgrade it would be on HTTP/1.1.</summary>
    private void TakeExtendedConnect()
    {
        if (_features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true, Protocol: { } protocol } tunnel)
            return;
        _tunnel = tunnel;
        Request.Method = "GET";
        Request.HasBody = false;
        Request.Upgrade = protocol.ToLowerInvariant();
        Request.Headers.Set(HeaderId.Upgrade, Request.Upgrade);
        if (Request.Upgrade == "websocket")
            Request.Headers.Set(HeaderId.SecWebSocketKey, Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)));
    }
}
