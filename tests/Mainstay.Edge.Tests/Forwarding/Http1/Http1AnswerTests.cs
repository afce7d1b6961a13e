using Mainstay.Edge.Forwarding;

namespace Mainstay.Edge.Tests.Forwarding.Http1;

public sealed class Http1AnswerTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello")]
    [InlineData("HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello", "hello")]
    [InlineData("HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello", "hello")]
    [InlineData("HTTP/1.1 200 G\u00fct\tso\r\ncontent-length:5\r\n\r\nhello", "hello")]
    [InlineData("HTTP/1.9 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello")]
    [InlineData("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5, 05\r\n\r\nhello", "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: \t 5 \t\r\n\r\nhello", "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nhello", "hello")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\nhello", "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n2\r\nhe\r\n03\r\nllo\r\n000\r\n\r\n", "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b;c=\"d e\"\r\nhello\r\n0 ;x\r\n\r\n", "hello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\nb\r\n0123456789a\r\n0\r\n\r\n", "01234567890123456789a")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello")]
    public async Task Is_read_whole_or_in_single_bytes(string raw, string body)
    {
        foreach (var drip in new[] { false, true })
        {
            var exchanged = await Exchanging.AnswerAsync(raw, drip: drip);
            Assert.Equal((AttemptFailure.None, 200, body, true), (exchanged.Failure, exchanged.Status, exchanged.Body, exchanged.BodyComplete));
            Assert.DoesNotContain("Transfer-Encoding", exchanged.Headers, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("Link", exchanged.Headers, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory]
    [InlineData("nonsense\r\n\r\n")]
    [InlineData("\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.x 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1  200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 99 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 600 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 O\0K\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 O\rK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length : 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n Content-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n folded\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n\tfolded\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nNo colon\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\n: empty\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA(b): c\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\0c\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\rX: c\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5,\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5 5\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775808\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: \"chunked\"\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n\r\nhello")]
    [InlineData("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")]
    public async Task Is_refused_as_malformed(string raw)
    {
        foreach (var drip in new[] { false, true })
        {
            var exchanged = await Exchanging.AnswerAsync(raw, drip: drip);
            Assert.Equal((AttemptFailure.Malformed, true, true), (exchanged.Failure, exchanged.Attempt.Sent, exchanged.Attempt.Answered));
            Assert.NotNull(exchanged.Attempt.Detail);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5 x\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;\0\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8000000000000000\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nbad trailer\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nA: b\n\r\n")]
    public async Task Breaks_off_in_its_body(string raw)
    {
        foreach (var drip in new[] { false, true })
        {
            var exchanged = await Exchanging.AnswerAsync(raw, drip: drip);
            Assert.Equal((AttemptFailure.None, 200, false), (exchanged.Failure, exchanged.Status, exchanged.BodyComplete));
            Assert.NotNull(exchanged.BrokeOff);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("H")]
    [InlineData("HTTP/1.1 200 OK\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    public async Task A_head_that_ends_early_is_told_apart_from_silence(string raw)
    {
        var exchanged = await Exchanging.AnswerAsync(raw);
        Assert.Equal(raw.Length == 0 ? AttemptFailure.Unanswered : AttemptFailure.BrokenHead, exchanged.Failure);
        Assert.Equal((true, raw.Length > 0), (exchanged.Attempt.Sent, exchanged.Attempt.Answered));
    }

    [Theory]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "Content-Length: 5")]
    [InlineData("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "")]
    [InlineData("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: \"x\"\r\n\r\n", "ETag: \"x\"|Content-Length: 5")]
    [InlineData("GET", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", "")]
    [InlineData("DELETE", "HTTP/1.1 204 No Content\r\n\r\n", "")]
    public async Task Has_no_body_where_none_can_be_and_the_connection_is_kept(string method, string raw, string headers)
    {
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            while (true)
            {
                await connection.ReadHeadAsync();
                await connection.SendAsync(raw);
            }
        });
        await using var client = Exchanging.Client(upstream.EndPoint);
        for (var i = 0; i < 2; i++)
        {
            var exchanged = await client.ExchangeAsync(Exchanging.Request(method));
            Assert.Equal((AttemptFailure.None, headers), (exchanged.Failure, exchanged.Headers));
            Assert.Null(exchanged.Attempt.AnswerBody);
        }
        Assert.Equal(1, upstream.Connections);
    }

    [Fact]
    public async Task Passes_fields_on_in_order_without_those_of_the_connection()
    {
        var exchanged = await Exchanging.AnswerAsync(
            "HTTP/1.1 200 OK\r\nX-Secret: 1\r\nSet-Cookie: a=b\r\nserver: x\r\nConnection: close, x-secret\r\nKeep-Alive: timeout=5\r\n"
            + "Proxy-Authenticate: Basic\r\nProxy-Connection: keep-alive\r\nUpgrade: h2c\r\nset-cookie: c=d\r\nX-Empty:\r\nX-Secret: 2\r\n"
            + "X-Latin: \u00e9\r\nContent-Length: 0\r\n\r\n");
        Assert.Equal("Set-Cookie: a=b|Server: x|Set-Cookie: c=d|X-Empty: |X-Latin: \u00e9|Content-Length: 0", exchanged.Headers);
    }

    [Fact]
    public async Task Trailers_come_with_the_end_of_the_body_without_those_that_frame()
    {
        var exchanged = await Exchanging.AnswerAsync(
            "HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nX-Sum: 1\r\nContent-Length: 9\r\nTransfer-Encoding: x\r\ngrpc-status:0\r\n\r\n");
        Assert.Equal(("hi", true, "X-Sum: 1|grpc-status: 0"), (exchanged.Body, exchanged.BodyComplete, exchanged.Trailers));
    }

    [Fact]
    public async Task Stays_complete_when_the_connection_is_reset_behind_it()
    {
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
            connection.Reset();
        });
        await using var client = Exchanging.Client(upstream.EndPoint, new() { MaxIdleConnections = 0 });
        for (var i = 1; i <= 20; i++)
        {
            var exchanged = await client.ExchangeAsync();
            Assert.Equal((AttemptFailure.None, "hello", true), (exchanged.Failure, exchanged.Body, exchanged.BodyComplete));
        }
    }

    [Fact]
    public async Task A_reset_inside_a_body_without_length_is_not_its_end()
    {
        var read = new TaskCompletionSource();
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\n\r\nhello");
            await read.Task;
            connection.Reset();
        });
        await using var client = Exchanging.Client(upstream.EndPoint);
        var attempt = new Attempt { Request = Exchanging.Request() };
        await client.SendAsync(attempt, CancellationToken.None);
        read.SetResult();
        var exchanged = await attempt.FinishAsync();
        Assert.False(exchanged.BodyComplete);
        Assert.NotNull(exchanged.BrokeOff);
    }

    [Fact]
    public async Task A_large_body_arrives_whole_in_either_framing()
    {
        var body = string.Concat(Enumerable.Range(0, 200_000).Select(at => (char)('a' + at % 26)));
        var plain = await Exchanging.AnswerAsync($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        Assert.True(plain.BodyComplete && plain.Body == body);
        var chunks = string.Concat(body.Chunk(7001).Select(chunk => $"{chunk.Length:x}\r\n{new string(chunk)}\r\n"));
        var chunked = await Exchanging.AnswerAsync($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}0\r\n\r\n");
        Assert.True(chunked.BodyComplete && chunked.Body == body);
    }

    [Fact]
    public async Task A_head_up_to_the_limit_is_read_and_one_beyond_is_refused()
    {
        foreach (var (length, failure) in new[] { (60_000, AttemptFailure.None), (70_000, AttemptFailure.Malformed) })
        {
            var one = await Exchanging.AnswerAsync($"HTTP/1.1 200 OK\r\nX: {new string('x', length)}\r\nContent-Length: 2\r\n\r\nhi");
            Assert.Equal(failure, one.Failure);
            var fields = string.Concat(Enumerable.Range(0, length / 10).Select(at => $"X{at:0000}: y\r\n"));
            var many = await Exchanging.AnswerAsync($"HTTP/1.1 200 OK\r\n{fields}Content-Length: 2\r\n\r\nhi");
            Assert.Equal(failure, many.Failure);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX: ", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("HTTP/1.1 200 OK\r\n", "X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n")]
    [InlineData("", "HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("", "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")]
    public async Task An_endless_head_is_cut(string start, string again)
    {
        await using var upstream = Endless(start, again);
        await using var client = Exchanging.Client(upstream.EndPoint);
        Assert.Equal(AttemptFailure.Malformed, (await client.ExchangeAsync()).Failure);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=", "yyyyyyyyyyyyyyyyyyyyyyyyyyy")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "0000000000000000000000000000000000000000000")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X-Trailer: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n")]
    public async Task Endless_framing_is_cut(string start, string again)
    {
        await using var upstream = Endless(start, again);
        await using var client = Exchanging.Client(upstream.EndPoint);
        var exchanged = await client.ExchangeAsync();
        Assert.NotNull(exchanged.BrokeOff);
        Assert.Equal(0, client.OpenCount);
    }

    private static ScriptedUpstream Endless(string start, string again) => new(async connection =>
    {
        await connection.ReadHeadAsync();
        await connection.SendAsync(start);
        while (true)
            await connection.SendAsync(string.Concat(Enumerable.Repeat(again, 20)));
    });
}
