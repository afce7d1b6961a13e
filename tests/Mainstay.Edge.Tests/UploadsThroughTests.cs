using System.Net;
using System.Net.Sockets;
using System.Text;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Tests.Fakes;
using Mainstay.Edge.Tests.Listening;
using Mainstay.Manifest.Model;

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
        await using var edge = await RunningEdge.ForwardToAsync(upstream);
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
        await using var edge = await RunningEdge.ForwardToAsync(upstream);
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

    /// <summary>Before as much has come as is waited for, and after it; with an end in good order, and with a reset; of declared length, in chunks, and in no chunks that are any.</summary>
    [Theory]
    [InlineData("Content-Length: 1000000", 10, false)]
    [InlineData("Content-Length: 1000000", 10, true)]
    [InlineData("Content-Length: 1000000", 200_000, false)]
    [InlineData("Content-Length: 1000000", 200_000, true)]
    [InlineData("Transfer-Encoding: chunked", 0, false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nF4240", 10, false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nF4240", 200_000, true)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nno chunk", 10, false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nno chunk", 10, true)]
    public async Task Whoever_leaves_in_the_middle_of_one_is_nothing_to_speak_of(string framing, int sent, bool resets)
    {
        using var said = new Said();
        await using var upstream = await RunningEdge.StartAsync(SayLengthAsync);
        await using var edge = await RunningEdge.ForwardToAsync(upstream, logs: said);
        for (var round = 0; round < 20; round++)
        {
            using (var client = await new RunningEdge(edge).ConnectAsync())
            {
                await client.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\n{framing}\r\n{(framing.Contains('\n') ? "" : "\r\n")}{new string('x', sent)}");
                // What is no chunk is answered at once, and its connection may have ended before it is looked at.
                await ForwardingBench.EventuallyAsync(() => client.Socket.Poll(TimeSpan.Zero, SelectMode.SelectRead)
                    || (edge.Status().Connections == 1 && client.Socket.Poll(TimeSpan.FromMilliseconds(5), SelectMode.SelectWrite)));
                if (resets)
                    client.Socket.LingerState = new(enable: true, seconds: 0);
            }
            await ForwardingBench.EventuallyAsync(() => edge.Status().Connections == 0);
        }
        Assert.True(said.Lines.IsEmpty, string.Join("\n", said.Lines.Take(2)));
    }

    /// <summary>Over more than the 3 s that failures in a row must span; the last bytes of those that drip come just as the time is over.</summary>
    [Theory]
    [InlineData(UpstreamProtocol.Http, false)]
    [InlineData(UpstreamProtocol.Http, true)]
    [InlineData(UpstreamProtocol.H2c, false)]
    [InlineData(UpstreamProtocol.H2c, true)]
    public async Task Whoever_does_not_send_in_time_hears_it_and_opens_no_breaker(UpstreamProtocol protocol, bool drips)
    {
        await using var upstream = await RunningEdge.StartAsync(SayLengthAsync);
        await using var edge = await RunningEdge.ForwardToAsync(upstream, Specs.Route() with { Timeout = TimeSpan.FromSeconds(1) }, protocol);
        using var client = RunningEdge.Http2();
        var late = new List<Task<HttpStatusCode>>();
        for (var sent = 0; sent < 40; sent++)
        {
            late.Add(StatusAsync(client, edge, new HalvedContent(isDeclared: false, drips)));
            await Task.Delay(TimeSpan.FromSeconds(0.1), TimeProvider.System);
        }
        Assert.All(await Task.WhenAll(late).WaitAsync(Deadline), status => Assert.Equal(HttpStatusCode.RequestTimeout, status));
        var whole = new HalvedContent(isDeclared: false);
        whole.Release();
        Assert.Equal($"{Length}", await PostAsync(client, edge, whole, default).WaitAsync(Deadline));
    }

    [Theory]
    [InlineData(UpstreamProtocol.Http)]
    [InlineData(UpstreamProtocol.H2c)]
    public async Task A_service_that_takes_nothing_of_a_body_is_late_itself(UpstreamProtocol protocol)
    {
        await using var upstream = await RunningEdge.StartAsync(RunningEdge.HangAsync);
        await using var edge = await RunningEdge.ForwardToAsync(upstream, Specs.Route() with { Timeout = TimeSpan.FromSeconds(1) }, protocol);
        using var client = new HttpClient();
        Assert.Equal(HttpStatusCode.GatewayTimeout, await StatusAsync(client, edge, new ByteArrayContent(new byte[20 << 20])).WaitAsync(Deadline));
    }

    [Fact]
    public async Task A_service_that_stops_in_the_middle_of_its_answer_is_late_itself()
    {
        await using var upstream = await RunningEdge.StartAsync(async exchange =>
        {
            exchange.Answer.Status = 200;
            exchange.Answer.Headers.Add(HeaderId.ContentLength, "100");
            await exchange.StartAnswerAsync(exchange.ClientGone);
            await exchange.AnswerBody.FlushAsync();
            await RunningEdge.HangAsync(exchange);
        });
        await using var edge = await RunningEdge.ForwardToAsync(upstream, Specs.Route() with { Timeout = TimeSpan.FromSeconds(2), IdleTimeout = TimeSpan.FromSeconds(1) });
        using var client = RunningEdge.Http2();
        Assert.Equal(HttpStatusCode.GatewayTimeout, await StatusAsync(client, edge, new HalvedContent(isDeclared: false)).WaitAsync(Deadline));
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, EdgeServer edge, HttpContent body)
    {
        using var answer = await client.PostAsync(new Uri($"{edge.Status().Listen[0]}/upload"), body);
        return answer.StatusCode;
    }

    private static async ValueTask SayLengthAsync(Exchange exchange) =>
        await RunningEdge.SayAsync(exchange, $"{(await Http1RequestTests.ReadAsync(exchange.RequestBody)).Length}");

    private static async Task<string> PostAsync(HttpClient client, EdgeServer edge, HttpContent body, CancellationToken cancel)
    {
        using var answer = await client.PostAsync(new Uri($"{edge.Status().Listen[0]}/upload"), body, cancel);
        return await answer.Content.ReadAsStringAsync(cancel);
    }

    /// <summary>Sends a half at once, and the other when it is told to; single bytes before that if it drips.</summary>
    private sealed class HalvedContent(bool isDeclared = true, bool drips = false) : HttpContent
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
            while (drips && !_released.Task.IsCompleted)
            {
                await stream.WriteAsync(half.AsMemory(0, 1), cancellationToken);
                await stream.FlushAsync(cancellationToken);
                await Task.WhenAny(_released.Task, Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellationToken));
                cancellationToken.ThrowIfCancellationRequested();
            }
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
