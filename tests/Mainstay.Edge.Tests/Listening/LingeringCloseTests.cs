using System.Buffers.Binary;
using System.Text;

namespace Mainstay.Edge.Tests.Listening;

/// <summary>What an HTTP/2 client sees when its connection ends, frame by frame.</summary>
public sealed class LingeringCloseTests
{
    private const int Data = 0;
    private const int Headers = 1;
    private const int Settings = 4;
    private const int GoAway = 7;
    private const int EndOfStream = 1;
    private const int EndOfHeaders = 4;
    private const int Any = int.MaxValue;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task After_its_last_answer_the_connection_stays_open_until_the_client_closes_it()
    {
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, "ok"));
        edge.Server.BecomeLameDuck();
        using var client = await edge.ConnectAsync();
        await client.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(Settings, 0, 0, "") + Request(1));
        await UntilGoneAwayAsync(client);
        // Sent before the client had read that: not answered, but no reset either, which could swallow what it has still to read.
        await client.SendAsync(Request(3));
        var ended = client.Socket.ReceiveAsync(new byte[1]);
        Assert.NotEqual(ended, await Task.WhenAny(ended, Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System)));
        Assert.Equal(1, edge.Server.Status().Requests);
        Assert.Equal(1, edge.Server.Status().Connections);
        client.Socket.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        Assert.Equal(0, await ended.WaitAsync(Deadline));
    }

    [Fact]
    public async Task One_whose_client_does_not_close_is_closed_after_a_moment()
    {
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, "ok"));
        edge.Server.BecomeLameDuck();
        using var client = await edge.ConnectAsync();
        await client.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(Settings, 0, 0, "") + Request(1));
        await UntilGoneAwayAsync(client);
        Assert.Equal(0, await client.Socket.ReceiveAsync(new byte[1]).WaitAsync(Deadline));
    }

    [Fact]
    public async Task A_stop_at_its_limit_does_not_wait_for_it()
    {
        await using var edge = await RunningEdge.StartAsync(exchange => RunningEdge.SayAsync(exchange, "ok"), time: new Microsoft.Extensions.Time.Testing.FakeTimeProvider());
        edge.Server.BecomeLameDuck();
        using var client = await edge.ConnectAsync();
        await client.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(Settings, 0, 0, "") + Request(1));
        await UntilGoneAwayAsync(client);
        await edge.Server.StopAsync(Timeout.InfiniteTimeSpan, new CancellationToken(canceled: true)).WaitAsync(Deadline);
        Assert.Equal("", await client.ReadToEndAsync());
    }

    /// <summary>
    /// Reads the answer and the last GOAWAY, in either order: that is said once the answer is on its way. The first one names the highest
    /// stream there can be, the last one the highest that was served.
    /// </summary>
    private static async Task UntilGoneAwayAsync(RawClient client)
    {
        var (last, answered) = (Any, false);
        while (last == Any || !answered)
        {
            var head = Encoding.Latin1.GetBytes(await client.ReadAsync(9));
            var payload = Encoding.Latin1.GetBytes(await client.ReadAsync(BinaryPrimitives.ReadInt32BigEndian(head) >> 8));
            if (head[3] == GoAway)
                last = BinaryPrimitives.ReadInt32BigEndian(payload);
            answered |= head[3] is Data or Headers && (head[4] & EndOfStream) != 0;
        }
        Assert.Equal(1, last);
    }

    private static string Request(int stream) => Frame(Headers, EndOfStream | EndOfHeaders, stream, string.Concat(new[]
    {
        (":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "h"),
    }.Select(field => $"\0{(char)field.Item1.Length}{field.Item1}{(char)field.Item2.Length}{field.Item2}")));

    private static string Frame(int type, int flags, int stream, string payload) =>
        $"\0{(char)(payload.Length >> 8)}{(char)(payload.Length & 255)}{(char)type}{(char)flags}\0\0\0{(char)stream}{payload}";
}
