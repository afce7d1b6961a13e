using Mainstay.Edge.Listening;
using Mainstay.Edge.Tests.Fakes;

namespace Mainstay.Edge.Tests.Listening;

public sealed class StreamOutputTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    /// <summary>What a window update does that meets the end of an answer, done by hand: to meet it by chance takes some 40,000 requests.</summary>
    [Fact]
    public async Task An_answer_is_sent_although_the_stream_s_last_one_left_it_marked_as_queued()
    {
        var before = new HashSet<KestrelExchange>();
        var usedAgain = 0;
        await using var edge = await RunningEdge.StartAsync(async exchange =>
        {
            var stream = (KestrelExchange)exchange;
            Assert.NotNull(stream.Output);
            if (!before.Add(stream))
                usedAgain++;
            await RunningEdge.SayAsync(exchange, "hello");
            await ForwardingBench.EventuallyAsync(() => !stream.Output.IsMarkedQueued);
            stream.Output.IsMarkedQueued = true;
        });
        using var client = RunningEdge.Http2();
        client.Timeout = Deadline;
        for (var i = 0; i < 100 && usedAgain < 3; i++)
            Assert.Equal("hello", await client.GetStringAsync(edge.Url));
        Assert.Equal(3, usedAgain);
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
