using System.Buffers.Binary;
using System.Text;
using Mainstay.Edge.Exchanges;
using Mainstay.Manifest.Model;

namespace Mainstay.Edge.Tests.Listening;

/// <summary>Frame by frame, because HTTP/2 clients do not tell how a stream ended.</summary>
public sealed class TrailersOnlyTests
{
    private const int Headers = 1;
    private const int EndStream = 1;

    [Fact]
    public async Task A_gRPC_error_of_our_own_is_one_head_that_ends_the_stream()
    {
        await using var edge = await RunningEdge.StartAsync(exchange => ProblemAnswer.WriteAsync(exchange, 503, "No.", TimeSpan.FromSeconds(2)));
        var (flags, head) = await FirstHeadAsync(edge);
        Assert.Equal(EndStream, flags & EndStream);
        Assert.Contains("grpc-status", head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task So_is_an_upstream_s()
    {
        await using var upstream = await RunningEdge.StartAsync(async exchange =>
        {
            exchange.Answer.Status = 200;
            exchange.Answer.Headers.Add(HeaderId.ContentType, "application/grpc");
            exchange.Answer.Headers.Add("grpc-status", "12");
            await exchange.StartAnswerAsync(exchange.ClientGone);
            Assert.True(exchange.AnswerStarted);
            await exchange.CompleteAnswerAsync();
        });
        await using var edge = new RunningEdge(await RunningEdge.ForwardToAsync(upstream, protocol: UpstreamProtocol.H2c));
        var (flags, head) = await FirstHeadAsync(edge);
        Assert.Contains("grpc-status", head, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(EndStream, flags & EndStream);
    }

    [Fact]
    public async Task An_answer_with_messages_is_not_held_back()
    {
        var release = new TaskCompletionSource();
        await using var edge = await RunningEdge.StartAsync(async exchange =>
        {
            exchange.Answer.Status = 200;
            exchange.Answer.Headers.Add(HeaderId.ContentType, "application/grpc");
            await exchange.StartAnswerAsync(exchange.ClientGone);
            await exchange.AnswerBody.FlushAsync();
            await release.Task;
            await exchange.CompleteAnswerAsync();
        });
        Assert.Equal(0, (await FirstHeadAsync(edge)).Flags & EndStream);
        release.SetResult();
    }

    private static async Task<(int Flags, string Head)> FirstHeadAsync(RunningEdge edge)
    {
        using var client = await edge.ConnectAsync();
        var fields = string.Concat(new[]
        {
            (":method", "POST"), (":scheme", "http"), (":path", "/a.B/C"), (":authority", "h"), ("content-type", "application/grpc"), ("te", "trailers"),
        }.Select(field => $"\0{(char)field.Item1.Length}{field.Item1}{(char)field.Item2.Length}{field.Item2}"));
        // END_STREAM and END_HEADERS: a call without a message.
        await client.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(4, 0, 0, "") + Frame(Headers, 5, 1, fields));
        while (true)
        {
            var head = Encoding.Latin1.GetBytes(await client.ReadAsync(9));
            var payload = await client.ReadAsync(BinaryPrimitives.ReadInt32BigEndian(head) >> 8);
            if (head[3] == Headers)
                return (head[4], payload);
        }
    }

    private static string Frame(int type, int flags, int stream, string payload) =>
        $"\0{(char)(payload.Length >> 8)}{(char)(payload.Length & 255)}{(char)type}{(char)flags}\0\0\0{(char)stream}{payload}";
}
