using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Text;
using System.Text.RegularExpressions;
using Mainstay.Edge.Exchanges;

namespace Mainstay.Edge.Tests.Listening;

/// <summary>What comes in on HTTP/1, byte for byte.</summary>
public sealed class Http1RequestTests
{
    [Theory]
    [InlineData("GET /a?b=c HTTP/1.1\r\nHost: h\r\n\r\n", "GET /a?b=c 11 h")]
    [InlineData("GET http://other/a HTTP/1.1\r\nHost: h\r\n\r\n", "GET /a 11 other")]
    [InlineData("GET http://other HTTP/1.1\r\nHost: other\r\n\r\n", "GET / 11 other")]
    [InlineData("GET http://other?x HTTP/1.1\r\nHost: other\r\n\r\n", "GET /?x 11 other")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "OPTIONS * 11 h")]
    [InlineData("GET / HTTP/1.0\r\n\r\n", "GET / 10 ")]
    [InlineData("GET / HTTP/1.0\r\nHost: h\r\n\r\n", "GET / 10 h")]
    [InlineData("BREW /pot HTTP/1.1\r\nHost: h\r\n\r\n", "BREW /pot 11 h")]
    public async Task Each_form_of_a_request_reaches_the_steps(string request, string seen)
    {
        await using var edge = await RunningEdge.StartAsync(exchange =>
            RunningEdge.SayAsync(exchange, $"<{exchange.Request.Method} {exchange.Request.Target} {exchange.Request.Version} {exchange.Request.Host}>"));
        using var client = await edge.ConnectAsync();
        await client.SendAsync(request);
        Assert.EndsWith($"<{seen}>", await client.ReadUntilAsync(">"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost:\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost : a\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", "400")]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n", "400")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na", "400")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x1\r\n\r\na", "400")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\na", "400")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1_1\r\n\r\na", "400")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999999999999999999999999999\r\n\r\na", "400")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", "400")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "501")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "501")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", "501")]
    [InlineData("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n", "200")]
    [InlineData("GET / HTTP/1.1\nHost: a\n\n", "200")]
    [InlineData("GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", "400")]
    [InlineData("GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", "400")]
    [InlineData("GET /\u00e4 HTTP/1.1\r\nHost: a\r\n\r\n", "400")]
    [InlineData("CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n\r\n", "501")]
    [InlineData("GET / HTTP/3.0\r\nHost: a\r\n\r\n", "505")]
    [InlineData("nonsense\r\n\r\n", "400")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0\u0001\r\n\r\n", "400")]
    public async Task Malformed_requests_are_refused_and_harm_nobody(string request, string status)
    {
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, "ok"));
        using (var client = await edge.ConnectAsync())
        {
            await client.SendAsync(request);
            Assert.StartsWith($"HTTP/1.1 {status} ", await client.ReadUntilAsync("\r\n"), StringComparison.Ordinal);
        }
        using var next = await edge.ConnectAsync();
        await next.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 ", await next.ReadUntilAsync("ok"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.1", "Transfer-Encoding: chunked, chunked", "501")]
    [InlineData("1.1", "Transfer-Encoding: gzip, chunked", "501")]
    [InlineData("1.1", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", "501")]
    [InlineData("1.1", "Transfer-Encoding: chunked, gzip", "400")]
    [InlineData("1.1", "Content-Length: 5\r\nTransfer-Encoding: chunked", "200")]
    [InlineData("1.1", "Transfer-Encoding: chunked\r\nContent-Length: 5", "200")]
    [InlineData("1.0", "Connection: keep-alive\r\nTransfer-Encoding: chunked", "200")]
    public async Task What_follows_a_body_whose_end_is_in_doubt_is_not_taken_for_a_request(string version, string framing, string status)
    {
        var targets = new ConcurrentQueue<string>();
        await using var edge = await RunningEdge.StartAsync(exchange =>
        {
            targets.Enqueue(exchange.Request.Target);
            return RunningEdge.SayAsync(exchange, "ok");
        });
        using var client = await edge.ConnectAsync();

        await client.SendAsync($"POST /first HTTP/{version}\r\nHost: a\r\n{framing}\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
        var answers = await client.ReadToEndAsync();

        Assert.StartsWith($"HTTP/1.1 {status} ", answers, StringComparison.Ordinal);
        Assert.Contains("\r\nConnection: close\r\n", answers, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(answers, "HTTP/1\\.1 "));
        Assert.DoesNotContain("/smuggled", targets);
    }

    [Fact]
    public async Task A_head_that_is_too_long_is_refused()
    {
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, "ok"));
        using var client = await edge.ConnectAsync();
        await client.SendAsync($"GET / HTTP/1.1\r\nHost: a\r\nX: {new string('x', 40 << 10)}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 431 ", await client.ReadUntilAsync("\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_beyond_ASCII_in_fields_go_through_as_they_are()
    {
        await using var edge = await RunningEdge.StartAsync(exchange =>
        {
            exchange.Answer.Headers.Add("X-Back"u8, exchange.Request.Headers.ValueAt(exchange.Request.Headers.IndexOf("X-In"u8)));
            return RunningEdge.SayAsync(exchange, "ok");
        });
        using var client = await edge.ConnectAsync();
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nX-In: gr\u00fc\u00df \u0080\r\n\r\n");
        Assert.Contains("X-Back: gr\u00fc\u00df \u0080\r\n", await client.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 5\r\n\r\nhello", "hello")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n", "hello")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 42\r\n\r\n", "hello+X-Sum=42")]
    [InlineData("Content-Length: 0\r\n\r\n", "")]
    public async Task A_body_comes_whole_with_its_trailers(string rest, string seen)
    {
        await using var edge = await RunningEdge.StartAsync(async exchange =>
        {
            var body = await ReadAsync(exchange.RequestBody);
            if (exchange.Request.Trailers is { } trailers)
                body += $"+{trailers.NameText(0)}={trailers.ValueText(0)}";
            await RunningEdge.SayAsync(exchange, $"<{body}>");
        });
        using var client = await edge.ConnectAsync();
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\n{rest}");
        Assert.EndsWith($"<{seen}>", await client.ReadUntilAsync(">"), StringComparison.Ordinal);
        // And the connection goes on behind it.
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\n{rest}");
        Assert.EndsWith($"<{seen}>", await client.ReadUntilAsync(">"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_continue_is_sent_only_once_the_body_is_wanted()
    {
        await using var edge = await RunningEdge.StartAsync(async exchange =>
        {
            if (exchange.Request.Target == "/no")
            {
                await ProblemAnswer.WriteAsync(exchange, 417, "No.");
                return;
            }
            await RunningEdge.SayAsync(exchange, $"<{await ReadAsync(exchange.RequestBody)} {exchange.Request.Headers.Text(HeaderId.Expect)}>");
        });
        using var wanted = await edge.ConnectAsync();
        await wanted.SendAsync("POST /yes HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", await wanted.ReadUntilAsync("\r\n\r\n"));
        await wanted.SendAsync("hi");
        Assert.EndsWith("<hi 100-continue>", await wanted.ReadUntilAsync(">"), StringComparison.Ordinal);
        using var unwanted = await edge.ConnectAsync();
        await unwanted.SendAsync("POST /no HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 417 ", await unwanted.ReadUntilAsync("}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 6\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n6\r\nsixsix\r\n0\r\n\r\n")]
    public async Task A_body_beyond_its_limit_is_answered_with_413(string rest)
    {
        await using var edge = await RunningEdge.StartAsync(
            async exchange => await RunningEdge.SayAsync(exchange, await ReadAsync(exchange.RequestBody)),
            Specs.Manifest(routes: [Specs.Route() with { BodyLimit = 5 }]));
        using var client = await edge.ConnectAsync();
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\n{rest}");
        var answer = await client.ReadUntilAsync("}");
        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_exactly_its_limit_is_taken()
    {
        await using var edge = await RunningEdge.StartAsync(
            async exchange => await RunningEdge.SayAsync(exchange, $"<{await ReadAsync(exchange.RequestBody)}>"),
            Specs.Manifest(routes: [Specs.Route() with { BodyLimit = 5 }]));
        using var client = await edge.ConnectAsync();
        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n");
        Assert.EndsWith("<hello>", await client.ReadUntilAsync(">"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 6\r\n\r\nsix")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n6\r\nsix")]
    public async Task A_client_that_breaks_off_inside_its_body_is_told_by_an_exception_and_by_its_token(string rest)
    {
        var seen = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var edge = await RunningEdge.StartAsync(async exchange =>
        {
            var gone = new TaskCompletionSource();
            await using var registration = exchange.ClientGone.Register(gone.SetResult);
            var error = await Record.ExceptionAsync(() => ReadAsync(exchange.RequestBody));
            await gone.Task.WaitAsync(TimeSpan.FromSeconds(10));
            seen.SetResult(error is IOException);
        });
        var client = await edge.ConnectAsync();
        await client.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\n{rest}");
        client.Dispose();
        Assert.True(await seen.Task.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_malformed_chunk_is_an_exception_of_ours()
    {
        var seen = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var edge = await RunningEdge.StartAsync(async exchange =>
        {
            seen.SetResult(await Record.ExceptionAsync(() => ReadAsync(exchange.RequestBody)));
            await ProblemAnswer.WriteAsync(exchange, 400, "Bad body.");
        });
        using var client = await edge.ConnectAsync();
        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
        Assert.IsType<IOException>(await seen.Task.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.StartsWith("HTTP/1.1 400 ", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_order_each_with_its_own_state()
    {
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(
            exchange, $"<{exchange.Request.Target} {exchange.Request.Headers.IndexOf("X-Once"u8) >= 0} {exchange.Request.HasBody}>"));
        using var client = await edge.ConnectAsync();
        await client.SendAsync("POST /1 HTTP/1.1\r\nHost: a\r\nX-Once: 1\r\nContent-Length: 1\r\n\r\nxGET /2 HTTP/1.1\r\nHost: a\r\n\r\n");
        Assert.EndsWith("</1 True True>", await client.ReadUntilAsync(">"), StringComparison.Ordinal);
        Assert.EndsWith("</2 False False>", await client.ReadUntilAsync(">"), StringComparison.Ordinal);
    }

    internal static async Task<string> ReadAsync(PipeReader reader)
    {
        var text = new StringBuilder();
        while (true)
        {
            var read = await reader.ReadAsync();
            text.Append(Encoding.Latin1.GetString(read.Buffer.ToArray()));
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return text.ToString();
        }
    }
}
