using Mainstay.Edge.Listening;

namespace Mainstay.Edge.Tests.Listening;

public sealed class StreamOutputTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>What a window update does that meets the end of an answer, done by hand: to meet it by chance takes some 20,000 requests.</summary>
    [Fact]
    public async Task An_answer_is_sent_although_the_stream_s_last_one_left_it_marked_as_queued()
    {
        var streams = new List<KestrelExchange>();
        await using var edge = await RunningEdge.StartAsync(exchange =>
        {
            streams.Add((KestrelExchange)exchange);
            return RunningEdge.SayAsync(exchange, "hello");
        });
        using var client = RunningEdge.Http2();
        client.Timeout = Deadline;
        // A request that comes before the last stream is given back gets another one.
        for (var i = 0; i < 100 && streams.Distinct().Count() + 3 > streams.Count; i++)
        {
            Assert.Equal("hello", await client.GetStringAsync(edge.Url));
            Assert.NotNull(streams[^1].Output);
            streams[^1].Output!.IsMarkedQueued = true;
        }
        Assert.Equal(3, streams.Count - streams.Distinct().Count());
    }

    [Fact]
    public async Task A_connection_of_requests_one_after_the_other_has_none()
    {
        StreamOutput? output = null;
        await using var edge = await RunningEdge.StartAsync(async exchange =>
        {
            output = ((KestrelExchange)exchange).Output;
            await RunningEdge.SayAsync(exchange, "hello");
        });
        using var client = new HttpClient();
        Assert.Equal("hello", await client.GetStringAsync(edge.Url));
        Assert.Null(output);
    }
}
