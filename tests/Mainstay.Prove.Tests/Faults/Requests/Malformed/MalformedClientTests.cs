using System.Net;
using System.Net.Sockets;
using Mainstay.Prove.Faults.Requests.Malformed;
using Mainstay.Prove.Tests.Faults.Proxy;
using Mainstay.Testing;

namespace Mainstay.Prove.Tests.Faults.Requests.Malformed;

public sealed class MalformedClientTests
{
    private static readonly MalformedRequest Case = new("case", "GET {CANARY} HTTP/1.1\r\nHost: {HOST}\r\n\r\n");

    private static readonly MalformedAims Aims = new(new("GET", "/", "localhost"), new("POST", "/orders", "localhost"));

    private static async Task<MalformedEvidence> AgainstAsync(Upstream server, MalformedRequest? request = null) =>
        await new MalformedClient(server.Endpoint, Aims, "/canary", TimeSpan.FromSeconds(2), TimeProvider.System).SendAsync(request ?? Case, default);

    private static Upstream Saying(string answer) => Upstream.Serve(async socket =>
    {
        await Client.ReadHeadAsync(socket);
        await socket.SayAsync(answer);
        socket.Shutdown(SocketShutdown.Send);
    });

    [Theory]
    [InlineData("HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n", 400, 1, true)]
    [InlineData("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", 500, 1, false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200, 1, false)]
    [InlineData("HTTP/1.1 100 Go on\r\n\r\nHTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n", 400, 1, true)]
    [InlineData("HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\nHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", 400, 2, false)]
    [InlineData("HTTP/1.1 400 Bad\r\nContent-Length: 17\r\n\r\nit is no HTTP/1.1", 400, 1, true)]
    [InlineData("", 0, 0, true)]
    public async Task Tells_what_the_server_did(string answer, int status, int answers, bool acceptable)
    {
        await using var server = Saying(answer);
        var evidence = await AgainstAsync(server);
        Assert.Equal((status, answers, acceptable, false), (evidence.Status, evidence.Answers, evidence.IsAcceptable, evidence.Hung));
    }

    [Fact]
    public async Task Of_many_each_is_sent_and_told_in_their_order()
    {
        await using var server = Saying("HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n");
        var evidence = await new MalformedClient(server.Endpoint, Aims, "/canary", TimeSpan.FromSeconds(20), TimeProvider.System)
            .SendAsync([.. Enumerable.Range(0, 20).Select(i => Case with { Name = $"{i}" })], default);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => ($"{i}", 400)), evidence.Select(one => (one.Request.Name, one.Status)));
    }

    [Fact]
    public async Task Silence_is_not_acceptable()
    {
        await using var server = Upstream.Serve(socket => socket.HearTheEndAsync());
        var evidence = await AgainstAsync(server);
        Assert.True(evidence.Hung);
        Assert.False(evidence.IsAcceptable);
        Assert.InRange(evidence.Elapsed.TotalSeconds, 1.9, 4);
    }

    [Fact]
    public async Task A_server_that_is_gone_is_not_acceptable()
    {
        var nobody = new IPEndPoint(IPAddress.Loopback, Ports.Free());
        var evidence = await new MalformedClient(nobody, Aims, "/c", TimeSpan.FromSeconds(2), TimeProvider.System).SendAsync(Case, default);
        Assert.True(evidence.Unreachable);
        Assert.False(evidence.IsAcceptable);
    }

    [Fact]
    public async Task Every_case_ends_also_with_a_server_that_closes_at_the_first_byte()
    {
        await using var server = Upstream.Serve(async socket => { await socket.HearAsync(1); socket.Dispose(); });
        foreach (var request in MalformedCorpus.All)
            Assert.True((await AgainstAsync(server, request)).IsAcceptable, request.Name);
        Assert.Equal(MalformedCorpus.All.Length, server.Accepted);
    }
}
