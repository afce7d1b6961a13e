using System.Net;

namespace Mainstay.Edge.Tests.Listening;

public sealed class SharedPortTests
{
    [Fact]
    public async Task Answers_http_1_and_http_2_by_prior_knowledge_on_the_same_port()
    {
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, $"v{exchange.Request.Version} {exchange.Request.Target}"));
        using var client = new HttpClient();
        foreach (var version in (Version[])[HttpVersion.Version11, HttpVersion.Version20, HttpVersion.Version11])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(edge.Url, "a?b=c")) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
            using var answer = await client.SendAsync(request);
            Assert.Equal(version, answer.Version);
            Assert.Equal($"v{version.Major}{version.Minor} /a?b=c", await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Tells_the_protocol_from_a_preface_that_comes_byte_by_byte()
    {
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, exchange.Request.Method));
        using var client = await edge.ConnectAsync();
        foreach (var c in "PROPFIND / HTTP/1.1\r\nHost: a\r\n\r\n")
            await client.SendAsync(c.ToString());
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", await client.ReadUntilAsync("PROPFIND"), StringComparison.Ordinal);
    }
}
