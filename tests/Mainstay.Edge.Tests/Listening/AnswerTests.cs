using System.Buffers;
using System.Collections.Immutable;
using System.Net;
using Mainstay.Edge.Exchanges;

namespace Mainstay.Edge.Tests.Listening;

/// <summary>What goes out.</summary>
public sealed class AnswerTests
{
    [Fact]
    public async Task An_answer_keeps_its_fields_and_their_repetition_and_loses_those_of_its_connection()
    {
        await using var edge = await RunningEdge.StartAsync(exchange =>
        {
            foreach (var (name, value) in ((string, string)[])
                [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"), ("X-Own", "1"), ("X-Own", "2"), ("Server", "app/1"), ("Connection", "close, X-Hop"), ("X-Hop", "1"),
                    ("Keep-Alive", "timeout=5"), ("Transfer-Encoding", "chunked"), ("Date", "Sun, 06 Nov 1994 08:49:37 GMT")])
            {
                exchange.Answer.Headers.Add(name, value);
            }
            return RunningEdge.SayAsync(exchange, "ok");
        });
        using var client = await edge.ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            var head = await client.ReadUntilAsync("\r\n\r\nok");
            Assert.Equal(
                ["Content-Length: 2", "Content-Type: text/plain", "Date: Sun, 06 Nov 1994 08:49:37 GMT", "HTTP/1.1 200 OK", "Server: app/1", "Set-Cookie: a=1", "Set-Cookie: b=2",
                    "X-Own: 1", "X-Own: 2"],
                head.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Where(line => line != "ok").Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task A_route_sets_and_removes_fields_of_every_answer()
    {
        var rules = ImmutableSortedDictionary<string, string?>.Empty.Add("X-Powered-By", null).Add("Cache-Control", "private").Add("Content-Length", "9");
        await using var edge = await RunningEdge.StartAsync(
            exchange =>
            {
                exchange.Answer.Headers.Add("X-Powered-By", "secret");
                return exchange.Request.Target == "/problem" ? ProblemAnswer.WriteAsync(exchange, 502, "No.") : RunningEdge.SayAsync(exchange, "ok");
            },
            Specs.Manifest(routes: [Specs.Route() with { ResponseHeaders = rules }]));
        using var client = await edge.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var head = await client.ReadUntilAsync("\r\n\r\nok");
        Assert.Contains("Cache-Control: private\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Content-Length: 2\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Powered-By", head, StringComparison.Ordinal);
        await client.SendAsync("GET /problem HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.Contains("Cache-Control: private\r\n", await client.ReadUntilAsync("}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_of_unknown_length_is_chunked_or_ended_by_closing()
    {
        await using var edge = await RunningEdge.StartAsync(async exchange =>
        {
            exchange.Answer.Status = 200;
            await exchange.StartAnswerAsync(default);
            exchange.AnswerBody.Write("hello"u8);
            await exchange.AnswerBody.FlushAsync();
            await exchange.CompleteAnswerAsync();
        });
        using var client = await edge.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.EndsWith("\r\n\r\n5\r\nhello\r\n0\r\n\r\n", await client.ReadUntilAsync("0\r\n\r\n"), StringComparison.Ordinal);
        using var old = await edge.ConnectAsync();
        await old.SendAsync("GET / HTTP/1.0\r\n\r\n");
        Assert.EndsWith("\r\n\r\nhello", await old.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HTTP/1.1", true, "\r\n\r\nhello")]
    [InlineData("HTTP/1.1", false, "\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.0", true, "\r\n\r\nhello")]
    [InlineData("HTTP/1.0", false, "\r\n\r\nhello")]
    public async Task What_was_not_flushed_goes_out_with_the_end(string version, bool lengthKnown, string end)
    {
        await using var edge = await RunningEdge.StartAsync(async exchange =>
        {
            exchange.Answer.Status = 200;
            if (lengthKnown)
                exchange.Answer.Headers.Add(HeaderId.ContentLength, "5");
            await exchange.StartAnswerAsync(default);
            exchange.AnswerBody.Write("he"u8);
            await exchange.AnswerBody.FlushAsync();
            exchange.AnswerBody.Write("llo"u8);
            await exchange.CompleteAnswerAsync();
        });
        using var client = await edge.ConnectAsync();
        await client.SendAsync($"GET / {version}\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
        Assert.EndsWith(end, await client.ReadUntilAsync(end), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("HEAD", 200, "Content-Length: 5")]
    [InlineData("GET", 304, "Content-Length: 5")]
    [InlineData("GET", 204, null)]
    public async Task Answers_without_a_body_end_with_their_head(string method, int status, string? length)
    {
        await using var edge = await RunningEdge.StartAsync(async exchange =>
        {
            exchange.Answer.Status = exchange.Request.Target == "/next" ? 299 : status;
            exchange.Answer.Headers.Add(HeaderId.ContentLength, exchange.Request.Target == "/next" ? "0" : "5");
            await exchange.StartAnswerAsync(default);
            await exchange.CompleteAnswerAsync();
        });
        using var client = await edge.ConnectAsync();
        await client.SendAsync($"{method} / HTTP/1.1\r\nHost: a\r\n\r\n");
        var head = await client.ReadUntilAsync("\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
        Assert.Equal(length is not null, head.Contains("Content-Length: 5\r\n", StringComparison.Ordinal));
        Assert.DoesNotContain("Transfer-Encoding", head, StringComparison.Ordinal);
        await client.SendAsync("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 299", await client.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_problem_for_HEAD_has_no_body()
    {
        await using var edge = await RunningEdge.StartAsync(exchange => ProblemAnswer.WriteAsync(exchange, 503, "No.", TimeSpan.FromSeconds(1.2)));
        using var client = await edge.ConnectAsync();
        await client.SendAsync("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        var answer = await client.ReadToEndAsync();
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Retry-After: 2\r\n", answer, StringComparison.Ordinal);
        Assert.Matches("X-Request-Id: [0-9a-f]{32}\r\n", answer);
    }

    [Fact]
    public async Task A_trailer_that_would_end_the_answer_early_is_left_out()
    {
        await using var edge = await RunningEdge.StartAsync(async exchange =>
        {
            exchange.Answer.Status = 200;
            exchange.Answer.Headers.Add("Trailer", "a, b");
            await exchange.StartAnswerAsync(default);
            exchange.AnswerBody.Write("hello"u8);
            exchange.Answer.Trailers = new();
            exchange.Answer.Trailers.Add("a", "1\r\n\r\nHTTP/1.1 200 OK");
            exchange.Answer.Trailers.Add("b: 1\r\nc", "2");
            exchange.Answer.Trailers.Add("d", "3");
            await exchange.CompleteAnswerAsync();
        });
        using var client = await edge.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        Assert.EndsWith("5\r\nhello\r\n0\r\nd: 3\r\n\r\n", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(20)]
    public async Task Trailers_reach_the_client(int version)
    {
        await using var edge = await RunningEdge.StartAsync(async exchange =>
        {
            exchange.Answer.Status = 200;
            exchange.Answer.Headers.Add("Trailer", "grpc-status");
            await exchange.StartAnswerAsync(default);
            exchange.AnswerBody.Write("he"u8);
            await exchange.AnswerBody.FlushAsync();
            exchange.AnswerBody.Write("llo"u8);
            exchange.Answer.Trailers = new();
            exchange.Answer.Trailers.Add("grpc-status", "0");
            exchange.Answer.Trailers.Add("Content-Length", "99");
            await exchange.CompleteAnswerAsync();
        });
        using var client = new HttpClient();
        for (var i = 0; i < 2; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, edge.Url) { Version = new(version / 10, version % 10), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using var answer = await client.SendAsync(request);
            Assert.Equal("hello", await answer.Content.ReadAsStringAsync());
            Assert.Equal("0", Assert.Single(answer.TrailingHeaders.GetValues("grpc-status")));
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(20)]
    public async Task A_broken_answer_is_seen_as_broken(int version)
    {
        await using var edge = await RunningEdge.StartAsync(async exchange =>
        {
            exchange.Answer.Status = 200;
            await exchange.StartAnswerAsync(default);
            exchange.AnswerBody.Write("half"u8);
            await exchange.AnswerBody.FlushAsync();
            if (exchange.Request.Target == "/throw")
                throw new InvalidOperationException("Nobody foresaw this.");
            exchange.Abort();
        });
        using var client = new HttpClient();
        foreach (var path in (string[])["/abort", "/throw"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(edge.Url, path)) { Version = new(version / 10, version % 10), VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.SendAsync(request));
        }
    }

    [Fact]
    public async Task What_nobody_foresaw_is_a_500_without_internals()
    {
        await using var edge = await RunningEdge.StartAsync(_ => throw new InvalidOperationException("secret"));
        using var client = new HttpClient();
        using var answer = await client.GetAsync(edge.Url);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
        Assert.Contains(Assert.Single(answer.Headers.GetValues("X-Request-Id")), body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_arrives_before_the_request_was_sent_whole()
    {
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, "early"));
        using var client = await edge.ConnectAsync();
        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nsome");
        Assert.EndsWith("early", await client.ReadUntilAsync("early"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_slow_client_holds_the_writer_back()
    {
        var written = 0L;
        await using var edge = await RunningEdge.StartAsync(async exchange =>
        {
            exchange.Answer.Status = 200;
            await exchange.StartAnswerAsync(default);
            for (var i = 0; i < 4096; i++)
            {
                exchange.AnswerBody.Write(new byte[16 << 10]);
                await exchange.AnswerBody.FlushAsync();
                Interlocked.Add(ref written, 16 << 10);
            }
            await exchange.CompleteAnswerAsync();
        });
        using var client = await edge.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        await client.ReadUntilAsync("\r\n\r\n");
        var before = -1L;
        while (Interlocked.Read(ref written) is var now && now != before)
        {
            before = now;
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
        Assert.InRange(before, 1, 32 << 20);
        var buffer = new byte[1 << 20];
        while (await client.Socket.ReceiveAsync(buffer) > 0)
        {
        }
        Assert.Equal(64 << 20, Interlocked.Read(ref written));
    }
}
