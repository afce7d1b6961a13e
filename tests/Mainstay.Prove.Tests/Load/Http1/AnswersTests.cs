using System.Globalization;
using Mainstay.Prove.Load;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Tests.Load.Http1;

/// <summary>Every way in which an answer can be framed or broken, by servers that write raw bytes.</summary>
public sealed class AnswersTests
{
    [Theory]
    [InlineData("length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200)]
    [InlineData("no reason", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", 200)]
    [InlineData("equal lengths", "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\nContent-Length: 5\r\n\r\nhello", 200)]
    [InlineData("bare LF", "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", 200)]
    [InlineData("chunked", "HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;x=1\r\n0123456789\r\n0\r\n\r\n", 201)]
    [InlineData("trailers", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n1\r\nx\r\n0\r\nA: 1\r\nB: 2\r\n\r\n", 200)]
    [InlineData("nothing", "HTTP/1.1 204 No Content\r\nContent-Length: 100\r\n\r\n", 204)]
    [InlineData("not modified", "HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n", 304)]
    [InlineData("continue", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", 200)]
    [InlineData("old and kept", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx", 200)]
    [InlineData("folded", "HTTP/1.1 200 OK\r\nServer: a\r\n\tb\r\nContent-Length: 1\r\n\r\nx", 200)]
    [InlineData("an error", "HTTP/1.1 500 Oh\r\nContent-Length: 1\r\n\r\nx", 500)]
    public async Task Whole_answers_keep_the_connection(string name, string answer, int status)
    {
        using var server = RawServer.Answering(answer);
        var samples = await Loads.FewAsync(server.Port, 5);
        Assert.All(samples, sample => Assert.Equal((name, Fate.Answered, status), (name, sample.Fate, sample.Status)));
        Assert.Equal((5, 1), (samples.Length, server.Connections));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx")]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: x , Close\r\nContent-Length: 1\r\n\r\nx")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n1\r\nx\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx\r\n")]
    public async Task Some_whole_answers_are_the_last_of_their_connection(string answer)
    {
        using var server = RawServer.Answering(answer);
        var samples = await Loads.FewAsync(server.Port, 3);
        Assert.All(samples, sample => Assert.Equal((Fate.Answered, 200), (sample.Fate, (int)sample.Status)));
        Assert.Equal((3, 3), (samples.Length, server.Connections));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nuntil the end")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Length: 3\r\n\r\nuntil the end")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\n")]
    public async Task An_answer_without_a_length_ends_with_the_connection(string answer)
    {
        using var server = RawServer.Serving(client =>
        {
            client.ReadHead();
            client.Write(answer);
        });
        Assert.All(await Loads.FewAsync(server.Port, 3), sample => Assert.Equal((Fate.Answered, 200), (sample.Fate, (int)sample.Status)));
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH")]
    [InlineData("HTTP/2.0 200 OK\r\n\r\n")]
    [InlineData("HTTP/1.1 abc OK\r\n\r\n")]
    [InlineData("HTTP/1.1 099 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n")]
    [InlineData("\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nName : x\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nName: x\ry\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nx")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n 2\r\n\r\nxx")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0x1\r\nx\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nx")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")]
    public async Task What_is_no_HTTP_is_malformed_at_once(string answer)
    {
        using var server = RawServer.Answering(answer);
        Assert.All(await Loads.FewAsync(server.Port, 2), sample => Assert.Equal((Fate.Malformed, (short)0), (sample.Fate, sample.Status)));
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nX: ", "aaaaaaaaaaaaaaaa")]
    [InlineData("HTTP/1.1 200 OK\r\n", "X: aaaaaaaaaaaaa\r\n")]
    [InlineData("", "HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;", "aaaaaaaaaaaaaaaa")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "X: aaaaaaaaaaaaa\r\n")]
    public async Task A_head_without_end_is_bounded(string begin, string again)
    {
        using var server = RawServer.Serving(client =>
        {
            client.ReadHead();
            client.Write(begin);
            for (var i = 0; i < 20_000; i++)
                client.Write(again);
        });
        Assert.All(await Loads.FewAsync(server.Port, 1), sample => Assert.Equal(Fate.Malformed, sample.Fate));
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTT")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    public async Task Half_an_answer_is_a_reset_however_the_connection_ends(string half)
    {
        using var ending = RawServer.Serving(client =>
        {
            client.ReadHead();
            client.Write(half);
        });
        using var resetting = RawServer.Serving(client =>
        {
            client.ReadHead();
            client.Write(half);
            client.Reset();
        });
        foreach (var server in (RawServer[])[ending, resetting])
            Assert.All(await Loads.FewAsync(server.Port, 2), sample => Assert.Equal((Fate.Reset, (short)0), (sample.Fate, sample.Status)));
    }

    [Fact]
    public async Task A_reset_ends_no_answer_that_only_the_end_would_end()
    {
        using var server = RawServer.Serving(client =>
        {
            client.ReadHead();
            client.Write("HTTP/1.1 200 OK\r\n\r\nhello");
            client.Reset();
        });
        Assert.All(await Loads.FewAsync(server.Port, 2), sample => Assert.Equal(Fate.Reset, sample.Fate));
    }

    [Fact]
    public async Task Answers_in_single_bytes_are_read()
    {
        using var server = RawServer.Serving(client =>
        {
            while (client.ReadHead() is not null)
            {
                foreach (var letter in "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nRetry-After: 7\r\n\r\n5\r\nhello\r\n0\r\nA: b\r\n\r\n")
                    client.Write(letter.ToString());
            }
        });
        var samples = await Loads.FewAsync(server.Port, 3);
        Assert.All(samples, sample => Assert.Equal((Fate.Answered, 200, 7), (sample.Fate, sample.Status, sample.RetryAfter)));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_body_of_many_megabytes_is_counted_and_the_connection_used_again()
    {
        var body = new byte[20_000_000];
        using var server = RawServer.Serving(client =>
        {
            while (client.ReadHead() is not null)
            {
                client.Write($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n");
                client.Write(body);
            }
        });
        var samples = await Loads.FewAsync(server.Port, 3);
        Assert.All(samples, sample => Assert.Equal(Fate.Answered, sample.Fate));
        Assert.All(samples, sample => Assert.InRange(sample.HeadAt, sample.SentAt, sample.EndedAt - 1));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_HEAD_has_no_body_whatever_is_said_of_it()
    {
        using var server = RawServer.Answering("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n");
        var samples = await Loads.FewAsync(server.Port, 3, new("HEAD", "/"));
        Assert.All(samples, sample => Assert.Equal(Fate.Answered, sample.Fate));
        Assert.Equal(1, server.Connections);
    }

    [Fact]
    public async Task A_body_is_sent_whole_and_an_early_answer_counts()
    {
        var body = new byte[3_000_000];
        using var reading = RawServer.Serving(client =>
        {
            while (client.ReadHead() is { } head)
            {
                Assert.Contains($"Content-Length: {body.Length}\r\n", head, StringComparison.Ordinal);
                for (var left = body.Length; left > 0; left -= 10_000)
                    client.ReadBody(10_000);
                client.Write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        });
        using var refusing = RawServer.Serving(client =>
        {
            client.ReadHead();
            client.Write("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            client.EndAnswers();
            client.ReadBody(60_000);
        });
        var stream = new StreamSpec("POST", "/") { Body = body };
        Assert.All(await Loads.FewAsync(reading.Port, 2, stream), sample => Assert.Equal((Fate.Answered, 200), (sample.Fate, sample.Status)));
        Assert.Equal(1, reading.Connections);
        Assert.All(await Loads.FewAsync(refusing.Port, 2, stream), sample => Assert.Equal((Fate.Answered, 413), (sample.Fate, sample.Status)));
    }

    [Fact]
    public async Task A_date_in_Retry_After_becomes_seconds()
    {
        var date = TimeProvider.System.GetUtcNow().AddSeconds(30).ToString("r", CultureInfo.InvariantCulture);
        using var server = RawServer.Answering($"HTTP/1.1 503 Busy\r\nRetry-After: {date}\r\nContent-Length: 0\r\n\r\n");
        Assert.All(await Loads.FewAsync(server.Port, 1), sample => Assert.InRange(sample.RetryAfter, 20, 30));
    }

    [Fact]
    public async Task Nobody_there_is_refused()
    {
        int port;
        using (var server = RawServer.Answering(""))
            port = server.Port;
        var samples = await Loads.FewAsync(port, 20);
        Assert.Equal(20, samples.Length);
        Assert.All(samples, sample => Assert.Equal((Fate.Refused, -1L), (sample.Fate, sample.SentAt)));
    }

    [Fact]
    public async Task A_connection_that_the_server_closes_at_rest_is_not_used_again()
    {
        using var server = RawServer.Serving(client =>
        {
            client.ReadHead();
            client.Write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        var samples = await Loads.RunAsync(Loads.Plan(server.Port, 20, 0.5));
        Assert.Equal(10, samples.Length);
        Assert.All(samples, sample => Assert.Equal(Fate.Answered, sample.Fate));
        Assert.Equal(10, server.Connections);
    }
}
