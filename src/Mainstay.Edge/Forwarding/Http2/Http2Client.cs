using System.Net;
using System.Net.Sockets;
using System.Text;
using Mainstay.Edge.Forwarding.Http1;

namespace Mainstay.Edge.Forwarding.Http2;

/// <summary>
/// HTTP/2 without TLS (prior knowledge) to one upstream. The handler below would send a refused request again by itself: it is kept
/// from that by <see cref="Http2Exchange.Encode"/>, which lets each head out once only.
/// </summary>
internal sealed class Http2Client : IUpstreamClient
{
    private readonly HttpMessageInvoker _invoker;
    private readonly string _authority;
    private readonly Lock _gate = new();
    private int _underWay;
    private bool _isRetired;
    private bool _isClosed;

    public Http2Client(EndPoint endPoint, string authority, Http2Options options)
    {
        _authority = authority;
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            EnableMultipleHttp2Connections = true,
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionIdleTimeout = options.IdleTimeout,
            MaxResponseHeadersLength = options.MaxHeadKibibytes,
            RequestHeaderEncodingSelector = Http2Exchange.Encode,
            ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
            ConnectCallback = async (_, cancel) => new NetworkStream(await Dial.ConnectAsync(endPoint, cancel), ownsSocket: true),
        });
    }

    public async ValueTask SendAsync(Attempt attempt, CancellationToken cancel)
    {
        if (cancel.IsCancellationRequested || !TryEnter())
        {
            attempt.Failure = cancel.IsCancellationRequested ? AttemptFailure.Cancelled : AttemptFailure.Unconnected;
            attempt.Detail = cancel.IsCancellationRequested ? "given up" : "client closed";
            return;
        }
        var exchange = new Http2Exchange(attempt, Leave);
        await exchange.RunAsync(_invoker, _authority, cancel);
    }

    public void Retire()
    {
        lock (_gate)
        {
            _isRetired = true;
            if (_underWay > 0 || _isClosed)
                return;
            _isClosed = true;
        }
        _invoker.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isRetired = true;
            if (_isClosed)
                return ValueTask.CompletedTask;
            _isClosed = true;
        }
        _invoker.Dispose();
        return ValueTask.CompletedTask;
    }

    private bool TryEnter()
    {
        lock (_gate)
        {
            if (_isClosed)
                return false;
            _underWay++;
            return true;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _underWay--;
            if (!_isRetired || _isClosed || _underWay > 0)
                return;
            _isClosed = true;
        }
        _invoker.Dispose();
    }
}
