using System.Net;
using System.Text;
using Mainstay.Contracts.Listening;
using Mainstay.Contracts.Traffic;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Tests.Listening;
using Mainstay.Manifest.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.Edge.Tests;

/// <summary>Bodies that come bit by bit over one connection of HTTP/2, which the edge waits for before it asks for a place.</summary>
public sealed class UploadsThroughTests
{
    private const int Length = 60_000;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Many_that_are_interleaved_arrive_whole()
    {
        await using var upstream = await RunningEdge.StartAsync(SayLengthAsync);
        await using var edge = await StartAsync(upstream);
        using var client = RunningEdge.Http2();
        // Together more than the connection's window: what is read without being let go of would stop them all.
        for (var round = 0; round < 3; round++)
        {
            var bodies = Enumerable.Range(0, 20).Select(_ => new HalvedContent()).ToArray();
            var answers = bodies.Select(body => PostAsync(client, edge, body, default)).ToArray();
            await Task.WhenAll(bodies.Select(body => body.IsHalf)).WaitAsync(Deadline);
            foreach (var body in bodies)
                body.Release();
            Assert.All(await Task.WhenAll(answers).WaitAsync(Deadline), answer => Assert.Equal($"{Length}", answer));
        }
        Assert.Equal(1, edge.Status().Connections);
    }

    [Fact]
    public async Task One_that_is_reset_while_it_is_waited_for_leaves_the_connection_to_the_others()
    {
        var asked = 0;
        await using var upstream = await RunningEdge.StartAsync(exchange =>
        {
            Interlocked.Increment(ref asked);
            return SayLengthAsync(exchange);
        });
        await using var edge = await StartAsync(upstream);
        using var client = RunningEdge.Http2();
        for (var round = 0; round < 20; round++)
        {
            using var reset = new CancellationTokenSource();
            var body = new HalvedContent();
            var given = PostAsync(client, edge, body, reset.Token);
            await body.IsHalf.WaitAsync(Deadline);
            await reset.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        }
        var whole = new HalvedContent();
        whole.Release();
        Assert.Equal($"{Length}", await PostAsync(client, edge, whole, default).WaitAsync(Deadline));
        Assert.Equal((1, 1), (asked, edge.Status().Connections));
    }

    [Fact]
    public async Task Whoever_does_not_send_in_time_hears_it_and_opens_no_breaker()
    {
        await using var upstream = await RunningEdge.StartAsync(SayLengthAsync);
        await using var edge = await StartAsync(upstream, Specs.Route() with { Timeout = TimeSpan.FromSeconds(1) });
        using var client = RunningEdge.Http2();
        var late = Enumerable.Range(0, 40).Select(_ => StatusAsync(client, edge, new HalvedContent(isDeclared: false))).ToArray();
        Assert.All(await Task.WhenAll(late).WaitAsync(Deadline), status => Assert.Equal(HttpStatusCode.RequestTimeout, status));
        var whole = new HalvedContent(isDeclared: false);
        whole.Release();
        Assert.Equal($"{Length}", await PostAsync(client, edge, whole, default).WaitAsync(Deadline));
    }

    [Fact]
    public async Task A_service_that_takes_nothing_of_a_body_is_late_itself()
    {
        await using var upstream = await RunningEdge.StartAsync(exchange => new(Task.Delay(Timeout.Infinite, exchange.ClientGone)));
        await using var edge = await StartAsync(upstream, Specs.Route() with { Timeout = TimeSpan.FromSeconds(1) });
        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.GatewayTimeout, await StatusAsync(client, edge, new ByteArrayContent(new byte[20 << 20])).WaitAsync(Deadline));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, EdgeServer edge, HttpContent body)
    {
        using var answer = await client.PostAsync(new Uri($"{edge.Status().Listen[0]}/upload"), body);
        return answer.StatusCode;
    }

    private static async Task<EdgeServer> StartAsync(RunningEdge upstream, RouteSpec? route = null)
    {
        var edge = new EdgeServer(OwnSockets.Instance, TimeProvider.System, NullLoggerFactory.Instance, 1);
        await edge.StartAsync(Specs.Manifest(services: [Specs.Service()], routes: [route ?? Specs.Route()]), default);
        edge.Traffic.Admit(new ReplicaEndpoint("web", "web-1", 1, upstream.Port));
        return edge;
    }

    private static async ValueTask SayLengthAsync(Exchange exchange) =>
        await RunningEdge.SayAsync(exchange, $"{(await Http1RequestTests.ReadAsync(exchange.RequestBody)).Length}");

    private static async Task<string> PostAsync(HttpClient client, EdgeServer edge, HttpContent body, CancellationToken cancel)
    {
        using var answer = await client.PostAsync(new Uri($"{edge.Status().Listen[0]}/upload"), body, cancel);
        return await answer.Content.ReadAsStringAsync(cancel);
    }

    /// <summary>Sends a half at once, and the other when it is told to.</summary>
    private sealed class HalvedContent(bool isDeclared = true) : HttpContent
    {
        private readonly TaskCompletionSource _half = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task IsHalf => _half.Task;

        public void Release() => _released.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context) => await SerializeToStreamAsync(stream, context, default);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            var half = Encoding.ASCII.GetBytes(new string('x', Length / 2));
            await stream.WriteAsync(half, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            _half.SetResult();
            await _released.Task.WaitAsync(cancellationToken);
            await stream.WriteAsync(half, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Length;
            return isDeclared;
        }
    }
}
