using System.Net;
using System.Net.Sockets;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Forwarding.Http1;
using Microsoft.Extensions.Time.Testing;

namespace Mainstay.Edge.Tests.Forwarding.Http1;

public sealed class Http1ConnectionReuseTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    private static ScriptedUpstream Repeating(string answer) => new(async connection =>
    {
        while (true)
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync(answer);
        }
    });

    [Fact]
    public async Task One_connection_serves_one_request_after_the_other()
    {
        await using var upstream = Repeating(Ok);
        await using var client = Exchanging.Client(upstream.EndPoint);
        for (var i = 0; i < 20; i++)
        {
            var exchanged = await client.ExchangeAsync(fresh: i % 2 == 0);
            Assert.Equal((200, "hi", true), (exchanged.Status, exchanged.Body, exchanged.BodyComplete));
            Assert.True(exchanged.Attempt.Sent && exchanged.Attempt.Answered);
        }
        Assert.Equal(1, upstream.Connections);
        Assert.Equal((1, 1), (client.IdleCount, client.OpenCount));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi")]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: foo, Close\r\nContent-Length: 2\r\n\r\nhi")]
    [InlineData("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=0\r\nContent-Length: 2\r\n\r\nhi")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi!")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")]
    public async Task A_connection_is_not_used_again_after(string answer)
    {
        await using var upstream = Repeating(answer);
        await using var client = Exchanging.Client(upstream.EndPoint);
        for (var i = 1; i <= 3; i++)
        {
            var exchanged = await client.ExchangeAsync();
            Assert.Equal((200, "hi", true), (exchanged.Status, exchanged.Body, exchanged.BodyComplete));
            Assert.Equal(0, client.OpenCount);
            Assert.Equal(i, upstream.Connections);
        }
    }

    [Fact]
    public async Task An_http_1_0_connection_is_kept_when_the_upstream_says_so()
    {
        await using var upstream = Repeating("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nhi");
        await using var client = Exchanging.Client(upstream.EndPoint);
        await client.ExchangeAsync();
        await client.ExchangeAsync();
        Assert.Equal(1, upstream.Connections);
    }

    [Fact]
    public async Task A_connection_that_the_upstream_closed_meanwhile_is_not_used()
    {
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync(Ok);
        });
        await using var client = Exchanging.Client(upstream.EndPoint);
        for (var i = 1; i <= 10; i++)
        {
            Assert.Equal(200, (await client.ExchangeAsync()).Status);
            // The close is on its way; once it is here, no request may go out on that connection.
            await Exchanging.UntilAsync(() => client.IdleCount == 0 || upstream.Connections == i);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
        Assert.Equal(10, upstream.Connections);
    }

    [Fact]
    public async Task An_idle_connection_is_closed_after_its_time()
    {
        var time = new FakeTimeProvider();
        await using var upstream = Repeating(Ok);
        await using var client = Exchanging.Client(upstream.EndPoint, time: time);
        await client.ExchangeAsync();
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal((1, 1), (client.IdleCount, client.OpenCount));
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((0, 0), (client.IdleCount, client.OpenCount));
        await client.ExchangeAsync();
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal((0, 0), (client.IdleCount, client.OpenCount));
    }

    [Fact]
    public async Task The_time_that_the_upstream_announces_is_undercut()
    {
        var time = new FakeTimeProvider();
        await using var upstream = Repeating("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=3, max=100\r\nContent-Length: 2\r\n\r\nhi");
        await using var client = Exchanging.Client(upstream.EndPoint, time: time);
        var exchanged = await client.ExchangeAsync();
        Assert.DoesNotContain("Keep-Alive", exchanged.Headers, StringComparison.OrdinalIgnoreCase);
        time.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Equal(1, client.IdleCount);
        time.Advance(TimeSpan.FromSeconds(1.2));
        Assert.Equal(0, client.OpenCount);
    }

    [Fact]
    public async Task A_request_that_needs_a_fresh_connection_does_not_take_one_unused_for_a_second()
    {
        var time = new FakeTimeProvider();
        await using var upstream = Repeating(Ok);
        await using var client = Exchanging.Client(upstream.EndPoint, time: time);
        await client.ExchangeAsync();
        time.Advance(TimeSpan.FromSeconds(0.9));
        await client.ExchangeAsync(fresh: true);
        Assert.Equal(1, upstream.Connections);
        time.Advance(TimeSpan.FromSeconds(1.1));
        await client.ExchangeAsync(fresh: true);
        Assert.Equal(2, upstream.Connections);
        Assert.Equal(2, client.IdleCount);
    }

    [Fact]
    public async Task No_more_connections_are_kept_than_allowed()
    {
        await using var upstream = Repeating(Ok);
        await using var client = Exchanging.Client(upstream.EndPoint, new Http1Options { MaxIdleConnections = 3 });
        var attempts = Enumerable.Range(0, 8).Select(_ => new Attempt { Request = Exchanging.Request() }).ToList();
        foreach (var attempt in attempts)
            await client.SendAsync(attempt, CancellationToken.None);
        Assert.Equal(8, client.OpenCount);
        foreach (var attempt in attempts)
            await attempt.FinishAsync();
        Assert.Equal((3, 3), (client.IdleCount, client.OpenCount));
    }

    [Fact]
    public async Task A_retired_client_finishes_what_is_under_way_and_keeps_nothing()
    {
        await using var upstream = Repeating(Ok);
        await using var client = Exchanging.Client(upstream.EndPoint);
        await client.ExchangeAsync();
        var underWay = new Attempt { Request = Exchanging.Request() };
        await client.SendAsync(underWay, CancellationToken.None);
        client.Retire();
        client.Retire();
        Assert.Equal("hi", (await underWay.FinishAsync()).Body);
        Assert.Equal((0, 0), (client.IdleCount, client.OpenCount));
        Assert.Equal("hi", (await client.ExchangeAsync()).Body);
        Assert.Equal(0, client.OpenCount);
    }

    [Fact]
    public async Task A_disposed_client_cuts_what_is_under_way_and_connects_no_more()
    {
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.ReadToEndAsync();
        });
        var client = Exchanging.Client(upstream.EndPoint);
        var underWay = new Attempt { Request = Exchanging.Request() };
        var sending = client.SendAsync(underWay, CancellationToken.None).AsTask();
        await Exchanging.UntilAsync(() => underWay.Sent);
        await client.DisposeAsync();
        await client.DisposeAsync();
        await sending.WaitAsync(Exchanging.Deadline);
        Assert.Equal(AttemptFailure.Unanswered, underWay.Failure);
        Assert.Equal(AttemptFailure.Unconnected, (await client.ExchangeAsync()).Failure);
        Assert.Equal(0, client.OpenCount);
    }

    [Fact]
    public async Task A_refused_connection_is_a_value()
    {
        using var unused = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var client = Exchanging.Client(unused.LocalEndPoint!);
        var exchanged = await client.ExchangeAsync();
        Assert.Equal((AttemptFailure.Unconnected, false, false, "connection refused"),
            (exchanged.Failure, exchanged.Attempt.Sent, exchanged.Attempt.Answered, exchanged.Attempt.Detail));
    }
}
