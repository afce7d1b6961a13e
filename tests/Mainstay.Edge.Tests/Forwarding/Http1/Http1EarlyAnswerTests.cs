using System.Diagnostics;
using System.IO.Pipelines;
using System.Text;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Forwarding.Http1;

namespace Mainstay.Edge.Tests.Forwarding.Http1;

/// <summary>Answers that come before the request is over, expectations, resets and cancellation.</summary>
public sealed class Http1EarlyAnswerTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    private static RequestHead Expecting()
    {
        var request = Exchanging.Request("POST", "/", ("Expect", "100-continue"));
        request.ContentLength = 5;
        return request;
    }

    [Fact]
    public async Task An_answer_before_the_body_was_read_is_valid_and_ends_the_sending()
    {
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
            await connection.ReadToEndAsync();
        });
        await using var client = Exchanging.Client(upstream.EndPoint);
        var pipe = new Pipe();
        var exchanged = await client.ExchangeAsync(Exchanging.Request("POST"), pipe.Reader);
        Assert.Equal((413, "no", true), (exchanged.Status, exchanged.Body, exchanged.BodyComplete));
        Assert.Equal(0, client.OpenCount);
        // Nobody reads the body any more: another attempt could.
        await pipe.Writer.WriteAsync("x"u8.ToArray());
        Assert.True(pipe.Reader.TryRead(out var rest) && rest.Buffer.Length == 1);
    }

    [Fact]
    public async Task An_answer_and_a_reset_while_megabytes_are_being_sent_is_still_an_answer()
    {
        var large = new string('x', 20_000_000);
        var answers = 0;
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
            connection.Reset();
        });
        await using var client = Exchanging.Client(upstream.EndPoint);
        for (var i = 0; i < 10; i++)
        {
            var request = Exchanging.Request("POST");
            request.ContentLength = large.Length;
            var exchanged = await client.ExchangeAsync(request, Exchanging.Body(large));
            if (exchanged.Failure == AttemptFailure.None)
                answers += (exchanged.Status, exchanged.Body) == (401, "no") ? 1 : 0;
        }
        Assert.Equal(10, answers);
    }

    [Fact]
    public async Task An_echo_that_streams_while_it_reads_gets_the_whole_body()
    {
        var body = string.Concat(Enumerable.Range(0, 1_000_000).Select(at => (char)('a' + at % 23)));
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n");
            for (var at = 0; at < body.Length; at += 10_000)
                await connection.SendAsync(await connection.ReadAsync(10_000));
            await connection.ReadToEndAsync();
        });
        await using var client = Exchanging.Client(upstream.EndPoint);
        var request = Exchanging.Request("POST");
        request.ContentLength = body.Length;
        var exchanged = await client.ExchangeAsync(request, Exchanging.Body(body));
        Assert.True(exchanged.Body == body && exchanged.BodyComplete);
    }

    [Fact]
    public async Task A_body_waits_for_100_continue()
    {
        var steps = new List<string>();
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            steps.Add(await connection.ReadHeadAsync());
            await connection.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
            steps.Add(await connection.ReadAsync(5));
            await connection.SendAsync(Ok);
            await connection.ReadToEndAsync();
        });
        await using var client = Exchanging.Client(upstream.EndPoint, new Http1Options { ContinueTimeout = TimeSpan.FromMinutes(1) });
        Assert.Equal("hi", (await client.ExchangeAsync(Expecting(), Exchanging.Body("hello"))).Body);
        Assert.Contains("Expect: 100-continue\r\n", steps[0], StringComparison.Ordinal);
        Assert.Equal("hello", steps[1]);
        Assert.Equal(1, client.IdleCount);
    }

    [Fact]
    public async Task A_refusal_instead_of_100_keeps_the_body_back()
    {
        var after = new TaskCompletionSource<string>();
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n");
            after.SetResult(await connection.ReadToEndAsync());
        });
        await using var client = Exchanging.Client(upstream.EndPoint, new Http1Options { ContinueTimeout = TimeSpan.FromMinutes(1) });
        var body = Exchanging.Body("hello");
        Assert.Equal(417, (await client.ExchangeAsync(Expecting(), body)).Status);
        Assert.Equal("", await after.Task.WaitAsync(Exchanging.Deadline));
        Assert.Equal(5, (await body.ReadAsync()).Buffer.Length);
    }

    [Fact]
    public async Task An_upstream_that_knows_no_100_gets_the_body_after_a_while()
    {
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync(await connection.ReadAsync(5) == "hello" ? Ok : "");
        });
        await using var client = Exchanging.Client(upstream.EndPoint, new Http1Options { ContinueTimeout = TimeSpan.FromMilliseconds(100) });
        Assert.Equal("hi", (await client.ExchangeAsync(Expecting(), Exchanging.Body("hello"))).Body);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_close_without_an_answer_reaches_us_once_and_is_not_sent_again(bool reset)
    {
        var heads = 0;
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            while (true)
            {
                await connection.ReadHeadAsync();
                if (Interlocked.Increment(ref heads) > 1)
                {
                    if (reset)
                        connection.Reset();
                    return;
                }
                await connection.SendAsync(Ok);
            }
        });
        await using var client = Exchanging.Client(upstream.EndPoint);
        Assert.Equal(200, (await client.ExchangeAsync(Exchanging.Request("POST"))).Status);
        var exchanged = await client.ExchangeAsync(Exchanging.Request("POST"));
        Assert.Equal((AttemptFailure.Unanswered, true, false), (exchanged.Failure, exchanged.Attempt.Sent, exchanged.Attempt.Answered));
        Assert.Equal(2, heads);
        Assert.Equal((1, 0), (upstream.Connections, client.OpenCount));
    }

    [Fact]
    public async Task Cancelling_closes_the_connection_at_once()
    {
        var ended = new TaskCompletionSource();
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.ReadToEndAsync();
            ended.SetResult();
        });
        await using var client = Exchanging.Client(upstream.EndPoint);
        using var cancel = new CancellationTokenSource();
        var pipe = new Pipe();
        var attempt = new Attempt { Request = Exchanging.Request("POST"), Body = pipe.Reader };
        var sending = client.SendAsync(attempt, cancel.Token).AsTask();
        await Exchanging.UntilAsync(() => attempt.Sent);
        var started = Stopwatch.GetTimestamp();
        await cancel.CancelAsync();
        await sending.WaitAsync(Exchanging.Deadline);
        await ended.Task.WaitAsync(Exchanging.Deadline);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5));
        Assert.Equal((AttemptFailure.Cancelled, true), (attempt.Failure, attempt.Sent));
        Assert.Equal(0, client.OpenCount);
        await attempt.DisposeAsync();
    }

    [Fact]
    public async Task Cancelling_inside_a_body_throws_and_closes()
    {
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n");
            await connection.ReadToEndAsync();
        });
        await using var client = Exchanging.Client(upstream.EndPoint);
        using var cancel = new CancellationTokenSource();
        var attempt = new Attempt { Request = Exchanging.Request() };
        await client.SendAsync(attempt, CancellationToken.None);
        var reading = attempt.AnswerBody!.ReadAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Exchanging.Deadline));
        await attempt.DisposeAsync();
        Assert.Equal(0, client.OpenCount);
    }

    [Fact]
    public async Task Cancelled_before_it_began_nothing_is_sent()
    {
        await using var upstream = new ScriptedUpstream(connection => connection.ReadToEndAsync());
        await using var client = Exchanging.Client(upstream.EndPoint);
        var exchanged = await client.ExchangeAsync(cancel: new CancellationToken(canceled: true));
        Assert.Equal((AttemptFailure.Cancelled, false, 0), (exchanged.Failure, exchanged.Attempt.Sent, upstream.Connections));
    }

    [Fact]
    public async Task A_tunnel_carries_bytes_both_ways_from_the_first_one_behind_the_head()
    {
        var heard = new TaskCompletionSource<string>();
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            var head = await connection.ReadHeadAsync();
            Assert.Contains("Connection: Upgrade\r\nUpgrade: websocket\r\n", head, StringComparison.Ordinal);
            await connection.SendAsync("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\n\r\nfirst");
            await connection.SendAsync("|" + await connection.ReadAsync(4));
            heard.SetResult(await connection.ReadToEndAsync());
        });
        await using var client = Exchanging.Client(upstream.EndPoint);
        var request = Exchanging.Request("GET", "/", ("Upgrade", "websocket"), ("Connection", "Upgrade"));
        request.Upgrade = "websocket";
        var attempt = new Attempt { Request = request };
        await client.SendAsync(attempt, CancellationToken.None);
        Assert.Equal((101, true), (attempt.Answer.Status, attempt.Answer.Headers.Has(HeaderId.Upgrade)));
        Assert.Null(attempt.AnswerBody);
        var tunnel = attempt.Tunnel!;
        await tunnel.Output.WriteAsync("ping"u8.ToArray());
        var read = await tunnel.Input.ReadAtLeastAsync(10).AsTask().WaitAsync(Exchanging.Deadline);
        Assert.Equal("first|ping", Encoding.ASCII.GetString(read.Buffer.FirstSpan));
        tunnel.Input.AdvanceTo(read.Buffer.End);
        await tunnel.Output.WriteAsync("last"u8.ToArray());
        await tunnel.Output.CompleteAsync();
        Assert.Equal("last", await heard.Task.WaitAsync(Exchanging.Deadline));
        Assert.True((await tunnel.Input.ReadAsync().AsTask().WaitAsync(Exchanging.Deadline)).IsCompleted);
        await attempt.DisposeAsync();
        Assert.Equal(0, client.OpenCount);
    }
}
