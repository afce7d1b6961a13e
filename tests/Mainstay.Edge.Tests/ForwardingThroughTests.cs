using System.Buffers;
using System.Net;
using System.Text;
using Mainstay.Contracts.Listening;
using Mainstay.Contracts.Traffic;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Tests.Fakes;
using Mainstay.Edge.Tests.Listening;
using Mainstay.Manifest.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.Edge.Tests;

/// <summary>The edge as a whole: a client in front, and another edge with a step of the test's as the upstream behind.</summary>
public sealed class ForwardingThroughTests
{
    private const int Piece = 8192;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(UpstreamProtocol.Http, 11)]
    [InlineData(UpstreamProtocol.Http, 20)]
    [InlineData(UpstreamProtocol.H2c, 11)]
    [InlineData(UpstreamProtocol.H2c, 20)]
    public async Task A_request_goes_through_and_its_answer_comes_back(UpstreamProtocol protocol, int version)
    {
        await using var upstream = await RunningEdge.StartAsync(async exchange =>
        {
            var body = await Http1RequestTests.ReadAsync(exchange.RequestBody);
            var request = exchange.Request;
            await RunningEdge.SayAsync(exchange, $"{request.Method} {request.Target} {request.Version} {request.Host} {body} {request.Headers.Text(HeaderId.MainstayTimeoutMs) is not null}");
        });
        await using var edge = await RunningEdge.ForwardToAsync(upstream, protocol: protocol);
        using var client = new HttpClient();
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"{edge.Status().Listen[0]}/a?b=c")
            {
                Version = new(version / 10, version % 10),
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new StringContent("hello", Encoding.UTF8),
            };
            request.Headers.Host = "shop.example";
            using var answer = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            // The upstream strips the deadline again: this edge is a stranger to it.
            Assert.Equal($"PUT /a?b=c {(protocol == UpstreamProtocol.H2c ? 20 : 11)} shop.example hello False", await answer.Content.ReadAsStringAsync());
        }
        Assert.Equal(3, edge.Status().Requests);
    }

    /// <summary>Each is waited for before its connection is used again: nothing of it may be left for then.</summary>
    [Theory]
    [InlineData(UpstreamProtocol.Http, 11)]
    [InlineData(UpstreamProtocol.Http, 20)]
    [InlineData(UpstreamProtocol.H2c, 11)]
    [InlineData(UpstreamProtocol.H2c, 20)]
    public async Task An_answer_of_any_length_comes_whole_and_at_once(UpstreamProtocol protocol, int version)
    {
        await using var upstream = await RunningEdge.StartAsync(async exchange =>
        {
            var words = exchange.Request.Target.TrimStart('/').Split('/');
            exchange.Answer.Status = 200;
            if (words[1] == "declared")
                exchange.Answer.Headers.Add(HeaderId.ContentLength, words[0]);
            await exchange.StartAnswerAsync(exchange.ClientGone);
            for (var left = int.Parse(words[0]); left > 0; left -= Piece)
            {
                exchange.AnswerBody.Write(new byte[Math.Min(left, Piece)]);
                await exchange.AnswerBody.FlushAsync();
            }
            await exchange.CompleteAnswerAsync();
        });
        await using var edge = await RunningEdge.ForwardToAsync(upstream, protocol: protocol);
        using var client = new HttpClient { DefaultRequestVersion = new(version / 10, version % 10), DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact, Timeout = Deadline };
        foreach (var framing in (string[])["declared", "chunked"])
        {
            for (var length = 1; length < 3_000_000; length = (length * 5 / 4) + 1)
                Assert.Equal(length, (await client.GetByteArrayAsync(new Uri($"{edge.Status().Listen[0]}/{length}/{framing}"))).Length);
        }
    }

    [Theory]
    [InlineData(UpstreamProtocol.Http)]
    [InlineData(UpstreamProtocol.H2c)]
    public async Task A_client_that_takes_nothing_is_cut_off_and_its_upstream_not_blamed(UpstreamProtocol protocol)
    {
        using var said = new Said();
        await using var upstream = await RunningEdge.StartAsync(async exchange =>
        {
            exchange.Answer.Status = 200;
            await exchange.StartAnswerAsync(exchange.ClientGone);
            while (!(await exchange.AnswerBody.WriteAsync(new byte[Piece], exchange.ClientGone)).IsCompleted)
            {
            }
        });
        await using var edge = await RunningEdge.ForwardToAsync(upstream, Specs.Route() with { IdleTimeout = TimeSpan.FromSeconds(1) }, protocol, said);
        using var client = await new RunningEdge(edge).ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        await client.ReadUntilAsync("\r\n\r\n");
        await ForwardingBench.EventuallyAsync(() => edge.Status().Connections == 0);
        Assert.Empty(said.Lines);
    }

    /// <summary>And as an end: a reset would take from the client what it has not read yet.</summary>
    [Fact]
    public async Task An_upgraded_connection_ends_with_its_upstream()
    {
        const int Sent = 1_000_000;
        await using var upstream = await RunningEdge.StartAsync(async exchange =>
        {
            exchange.Answer.Status = 101;
            exchange.Answer.Headers.Add(HeaderId.Upgrade, "websocket");
            var tunnel = await exchange.UpgradeAsync(default);
            await tunnel.Output.WriteAsync(new byte[Sent]);
        });
        await using var edge = await RunningEdge.ForwardToAsync(upstream);
        using var client = await new RunningEdge(edge).ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        await client.ReadUntilAsync("\r\n\r\n");
        Assert.Equal(Sent, (await client.ReadAsync(Sent)).Length);
        Assert.Equal(0, await client.Socket.ReceiveAsync(new byte[1]).WaitAsync(Deadline));
    }

    [Theory]
    [InlineData(UpstreamProtocol.Http, 11)]
    [InlineData(UpstreamProtocol.Http, 20)]
    [InlineData(UpstreamProtocol.H2c, 11)]
    [InlineData(UpstreamProtocol.H2c, 20)]
    public async Task A_slow_request_with_a_body_is_hedged(UpstreamProtocol protocol, int version)
    {
        var slow = 0;
        async ValueTask Serve(Exchange exchange)
        {
            var body = await Http1RequestTests.ReadAsync(exchange.RequestBody);
            if (exchange.Request.Target == "/slow" && Interlocked.Increment(ref slow) == 1)
                await RunningEdge.HangAsync(exchange);
            await RunningEdge.SayAsync(exchange, body);
        }
        await using var one = await RunningEdge.StartAsync(Serve);
        await using var two = await RunningEdge.StartAsync(Serve);
        await using var edge = new EdgeServer(OwnSockets.Instance, TimeProvider.System, NullLoggerFactory.Instance, 1);
        await edge.StartAsync(Specs.Manifest(services: [Specs.Service(protocol: protocol)], routes: [Specs.Route() with { Hedge = new(0.5, "p50") }]), default);
        edge.Traffic.Admit(new ReplicaEndpoint("web", "web-1", 1, one.Port));
        edge.Traffic.Admit(new ReplicaEndpoint("web", "web-2", 1, two.Port));
        using var client = new HttpClient();
        async Task<string> PutAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, edge.Status().Listen[0] + path)
            {
                Version = new(version / 10, version % 10),
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = new StringContent("hello", Encoding.UTF8),
            };
            using var answer = await client.SendAsync(request);
            return await answer.Content.ReadAsStringAsync();
        }
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (edge.Status().Routes![0].Hedge!.AfterSeconds is null && !limit.IsCancellationRequested)
            Assert.Equal("hello", await PutAsync("/"));

        Assert.Equal("hello", await PutAsync("/slow").WaitAsync(TimeSpan.FromSeconds(20)));

        Assert.Equal(2, slow);
        Assert.True(edge.Status().Routes![0].Hedge is { Made: > 0, Won: > 0 });
        Assert.Equal(0, edge.Status().Retries);
    }

    [Theory]
    [InlineData(UpstreamProtocol.Http, false)]
    [InlineData(UpstreamProtocol.H2c, false)]
    [InlineData(UpstreamProtocol.H2c, true)]
    public async Task A_replica_that_was_admitted_before_the_edge_listens_gets_requests_in_its_protocol(UpstreamProtocol protocol, bool suspended)
    {
        await using var upstream = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, $"v{exchange.Request.Version}"));
        await using var edge = new EdgeServer(OwnSockets.Instance, TimeProvider.System, NullLoggerFactory.Instance, 1);
        var replica = new ReplicaEndpoint("web", "web-1", 1, upstream.Port);
        edge.Traffic.Admit(replica);
        if (suspended)
            edge.Traffic.Suspend("web", "web-1");
        await edge.StartAsync(Specs.Manifest(services: [Specs.Service(protocol: protocol)]), default);
        using var client = new HttpClient();
        var answer = client.GetStringAsync(edge.Status().Listen[0]);
        if (suspended)
        {
            while (edge.Status().Waiting == 0)
                await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
            edge.Traffic.Admit(replica);
        }
        Assert.Equal(protocol == UpstreamProtocol.H2c ? "v20" : "v11", await answer.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task With_no_replica_at_all_a_request_waits_no_longer_than_its_deadline()
    {
        await using var edge = new EdgeServer(OwnSockets.Instance, TimeProvider.System, NullLoggerFactory.Instance, 1);
        await edge.StartAsync(Specs.Manifest(routes: [Specs.Route() with { Timeout = TimeSpan.FromMilliseconds(200) }]), default);
        using var client = new HttpClient();
        using var answer = await client.GetAsync(edge.Status().Listen[0]);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.NotNull(answer.Headers.RetryAfter);
    }
}
