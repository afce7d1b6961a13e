using System.IO.Pipelines;
using System.Text;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding;

namespace Mainstay.Edge.Tests.Forwarding.Http1;

public sealed class Http1RequestTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    private static readonly string[] Marks = ["1\r\na\r\n", "2\r\nbc\r\n", "0\r\n\r\n"];

    /// <summary>What goes out for a request, up to a mark.</summary>
    private static async Task<string> WrittenAsync(RequestHead request, PipeReader? body = null, string mark = "\r\n\r\n")
    {
        var seen = "";
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            seen = await connection.ReadThroughAsync(mark);
            await connection.SendAsync(Ok);
            await connection.ReadToEndAsync();
        });
        await using var client = Exchanging.Client(upstream.EndPoint);
        var exchanged = await client.ExchangeAsync(request, body);
        Assert.Equal((AttemptFailure.None, "hi"), (exchanged.Failure, exchanged.Body));
        return seen;
    }

    [Fact]
    public async Task The_head_carries_what_came_in_and_our_own_framing()
    {
        var request = Exchanging.Request("GET", "/a%20b?c=d", ("User-Agent", "x"), ("Host", "shop.example"), ("Connection", "keep-alive, X-Kept"),
            ("Keep-Alive", "timeout=9"), ("X-Kept", "1"), ("TE", "gzip"), ("Proxy-Connection", "y"), ("Proxy-Authorization", "Basic eA=="),
            ("Upgrade", "h2c"), ("Content-Length", "7"), ("Transfer-Encoding", "chunked"), ("Expect", "100-continue"), ("X-Latin", "\u00e9"));
        Assert.Equal("GET /a%20b?c=d HTTP/1.1\r\nHost: shop.example\r\nUser-Agent: x\r\nX-Kept: 1\r\nX-Latin: \u00e9\r\n\r\n", await WrittenAsync(request));
    }

    [Theory]
    [InlineData("client.example", "client.example")]
    [InlineData("", "app.test")]
    public async Task Host_is_the_clients_or_else_the_upstreams(string given, string sent)
    {
        var request = new RequestHead { Method = "GET", Target = "/", Host = given };
        Assert.Equal($"GET / HTTP/1.1\r\nHost: {sent}\r\n\r\n", await WrittenAsync(request));
    }

    [Fact]
    public async Task Trailers_are_asked_for_if_the_client_takes_them()
    {
        Assert.Contains("TE: trailers\r\nConnection: TE\r\n", await WrittenAsync(Exchanging.Request("GET", "/", ("TE", "gzip, Trailers"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", false)]
    [InlineData("DELETE", false)]
    [InlineData("POST", true)]
    [InlineData("PUT", true)]
    [InlineData("PATCH", true)]
    public async Task Without_a_body_a_length_of_nothing_is_said_only_where_it_is_usual(string method, bool said)
    {
        Assert.Equal(said, (await WrittenAsync(Exchanging.Request(method))).Contains("Content-Length: 0\r\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_of_known_length_follows_the_head()
    {
        var request = Exchanging.Request("POST");
        request.ContentLength = 5;
        Assert.EndsWith("Content-Length: 5\r\n\r\nhello", await WrittenAsync(request, Exchanging.Body("hello"), "hello"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_chunked_with_its_trailers()
    {
        var request = Exchanging.Request("POST");
        request.Trailers = new HeaderBlock();
        request.Trailers.Add("X-Sum", "1");
        request.Trailers.Add("Content-Length", "9");
        Assert.EndsWith("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n",
            await WrittenAsync(request, Exchanging.Body("hello"), "X-Sum: 1\r\n\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_is_sent_piece_by_piece_as_it_comes()
    {
        var pipe = new Pipe();
        var pieces = new List<string>();
        var next = new SemaphoreSlim(0);
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            foreach (var mark in Marks)
            {
                pieces.Add(await connection.ReadThroughAsync(mark));
                next.Release();
            }
            await connection.SendAsync(Ok);
            await connection.ReadToEndAsync();
        });
        await using var client = Exchanging.Client(upstream.EndPoint);
        var exchanging = client.ExchangeAsync(Exchanging.Request("POST"), pipe.Reader);
        await pipe.Writer.WriteAsync("a"u8.ToArray());
        Assert.True(await next.WaitAsync(Exchanging.Deadline));
        await pipe.Writer.WriteAsync("bc"u8.ToArray());
        Assert.True(await next.WaitAsync(Exchanging.Deadline));
        await pipe.Writer.CompleteAsync();
        Assert.Equal("hi", (await exchanging).Body);
        Assert.Equal(Marks, pieces);
        Assert.Equal(1, client.IdleCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_large_body_arrives_whole_and_the_connection_is_kept(bool lengthKnown)
    {
        var body = string.Concat(Enumerable.Range(0, 3_000_000).Select(at => (char)('a' + at % 23)));
        var request = Exchanging.Request("PUT");
        request.ContentLength = lengthKnown ? body.Length : null;
        var received = new StringBuilder();
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            if (lengthKnown)
                received.Append(await connection.ReadAsync(body.Length));
            for (var size = -1; !lengthKnown && size != 0;)
            {
                size = Convert.ToInt32((await connection.ReadThroughAsync("\r\n")).Trim(), 16);
                received.Append((await connection.ReadAsync(size + 2))[..^2]);
            }
            await connection.SendAsync(Ok);
            await connection.ReadToEndAsync();
        });
        await using var client = Exchanging.Client(upstream.EndPoint);
        Assert.Equal("hi", (await client.ExchangeAsync(request, Exchanging.Body(body))).Body);
        Assert.True(received.ToString() == body);
        Assert.Equal(1, client.IdleCount);
    }

    [Theory]
    [InlineData("GE T", "/", "X", "y")]
    [InlineData("", "/", "X", "y")]
    [InlineData("CONNECT", "example:80", "X", "y")]
    [InlineData("GET", "/ HTTP/1.1\r\nX: y\r\n\r\nGET /", "X", "y")]
    [InlineData("GET", "", "X", "y")]
    [InlineData("GET", "/\u00e9", "X", "y")]
    [InlineData("GET", "/", "X\r\nY", "y")]
    [InlineData("GET", "/", "X Y", "y")]
    [InlineData("GET", "/", "", "y")]
    [InlineData("GET", "/", "X", "y\r\nZ: 1")]
    [InlineData("GET", "/", "X", "y\nZ: 1")]
    [InlineData("GET", "/", "X", "y\0")]
    [InlineData("GET", "/", "Host", "y\r\nZ: 1")]
    public async Task What_could_smuggle_a_line_is_never_sent(string method, string target, string name, string value)
    {
        var seen = "";
        await using var upstream = new ScriptedUpstream(async connection => seen = await connection.ReadToEndAsync());
        await using (var client = Exchanging.Client(upstream.EndPoint))
        {
            var exchanged = await client.ExchangeAsync(Exchanging.Request(method, target, (name, value)));
            Assert.Equal((AttemptFailure.ClientBody, false), (exchanged.Failure, exchanged.Attempt.Sent));
            Assert.NotNull(exchanged.Attempt.Detail);
        }
        Assert.Equal("", seen);
    }

    [Theory]
    [InlineData("hell", 5)]
    [InlineData("hello!", 5)]
    public async Task A_body_that_is_not_as_long_as_declared_is_the_clients_fault(string body, long declared)
    {
        await using var upstream = new ScriptedUpstream(async connection => await connection.ReadToEndAsync());
        await using var client = Exchanging.Client(upstream.EndPoint);
        var request = Exchanging.Request("POST");
        request.ContentLength = declared;
        Assert.Equal(AttemptFailure.ClientBody, (await client.ExchangeAsync(request, Exchanging.Body(body))).Failure);
        Assert.Equal(0, client.OpenCount);
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_the_clients_fault_and_ends_the_connection()
    {
        var pipe = new Pipe();
        await using var upstream = new ScriptedUpstream(async connection => await connection.ReadToEndAsync());
        await using var client = Exchanging.Client(upstream.EndPoint);
        await pipe.Writer.WriteAsync("abc"u8.ToArray());
        var exchanging = client.ExchangeAsync(Exchanging.Request("POST"), pipe.Reader);
        await pipe.Writer.CompleteAsync(new IOException("gone"));
        var exchanged = await exchanging;
        Assert.Equal((AttemptFailure.ClientBody, "body broke off: gone"), (exchanged.Failure, exchanged.Attempt.Detail));
        Assert.Equal(0, client.OpenCount);
    }

    [Fact]
    public async Task A_body_that_breaks_off_under_an_answer_breaks_the_answer_but_is_not_blamed_on_the_upstream()
    {
        var pipe = new Pipe();
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadHeadAsync();
            await connection.SendAsync("HTTP/1.1 200 OK\r\n\r\nhello");
            await connection.ReadToEndAsync();
        });
        await using var client = Exchanging.Client(upstream.EndPoint);
        var attempt = new Attempt { Request = Exchanging.Request("POST"), Body = pipe.Reader };
        await client.SendAsync(attempt, CancellationToken.None);
        await pipe.Writer.CompleteAsync(new IOException("gone"));
        var exchanged = await attempt.FinishAsync();
        Assert.NotNull(exchanged.BrokeOff);
        Assert.Equal(AttemptFailure.ClientBody, exchanged.Failure);
    }
}
