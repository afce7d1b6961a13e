using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Mainstay.Contracts.Listening;
using Mainstay.Contracts.Traffic;
using Mainstay.Edge.Exchanges;
using Mainstay.Manifest.Model;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.Edge.Tests.Listening;

/// <summary>An edge on a port of its own whose last step is the test's.</summary>
internal sealed class RunningEdge : IAsyncDisposable
{
    public RunningEdge(EdgeServer server) => Server = server;

    public EdgeServer Server { get; }

    public int Port => new Uri(Server.Status().Listen[0]).Port;

    public Uri Url => new($"http://127.0.0.1:{Port}/");

    public static async Task<RunningEdge> StartAsync(
        Func<Exchange, ValueTask> step, ManifestSpec? manifest = null, TimeProvider? time = null, IListenSockets? sockets = null)
    {
        var server = new EdgeServer(sockets ?? OwnSockets.Instance, time ?? TimeProvider.System, NullLoggerFactory.Instance, 1, step);
        await server.StartAsync(manifest ?? Specs.Manifest(), CancellationToken.None);
        return new(server);
    }

    /// <summary>A whole edge, with the steps that it really has, whose only replica is <paramref name="upstream"/>.</summary>
    public static async Task<EdgeServer> ForwardToAsync(
        RunningEdge upstream, RouteSpec? route = null, UpstreamProtocol protocol = UpstreamProtocol.Http, ILoggerFactory? logs = null)
    {
        var edge = new EdgeServer(OwnSockets.Instance, TimeProvider.System, logs ?? NullLoggerFactory.Instance, 1);
        await edge.StartAsync(Specs.Manifest(services: [Specs.Service(protocol: protocol)], routes: [route ?? Specs.Route()]), CancellationToken.None);
        edge.Traffic.Admit(new ReplicaEndpoint("web", "web-1", 1, upstream.Port));
        return edge;
    }

    /// <summary>A client that speaks HTTP/2 without TLS, and nothing else.</summary>
    public static HttpClient Http2() => new() { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

    /// <summary>A step that answers 200 with a text.</summary>
    public static async ValueTask SayAsync(Exchange exchange, string text)
    {
        exchange.Answer.Status = 200;
        exchange.Answer.Headers.Add(HeaderId.ContentType, "text/plain");
        exchange.Answer.Headers.Add(HeaderId.ContentLength, Encoding.UTF8.GetByteCount(text).ToString());
        await exchange.StartAnswerAsync(exchange.ClientGone);
        exchange.AnswerBody.Write(Encoding.UTF8.GetBytes(text));
        await exchange.AnswerBody.FlushAsync();
        await exchange.CompleteAnswerAsync();
    }

    /// <summary>
    /// A step that answers nothing for longer than any test lasts. Not for ever: that needs no timer, and a connection that is not read from and
    /// whose application nothing will wake is garbage to the runtime, which closes it.
    /// </summary>
    public static async ValueTask HangAsync(Exchange exchange) => await Task.Delay(TimeSpan.FromMinutes(1), TimeProvider.System, exchange.ClientGone);

    public async Task<RawClient> ConnectAsync(int? port = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port ?? Port);
        return new(socket);
    }

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();
}
