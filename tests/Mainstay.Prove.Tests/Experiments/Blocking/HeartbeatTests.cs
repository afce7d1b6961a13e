using System.Net;
using System.Net.Sockets;
using Mainstay.Prove.Experiments.Blocking;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Tests.Experiments.Blocking;

public sealed class HeartbeatTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void What_takes_longer_than_usual_by_more_than_the_limit_is_a_block_from_when_the_answer_was_due()
    {
        var beats = new List<(long, long)> { (0, 2_000), (60_000, 62_000), (120_000, 320_000), (400_000, 440_000), (500_000, 502_000) };
        Assert.Equal([(122_000, 320_000)], Heartbeat.Blocks(beats, Limit));
    }

    [Fact]
    public void An_application_that_always_takes_long_to_answer_is_slow_and_not_blocked() =>
        Assert.Empty(Heartbeat.Blocks([(0, 200_000), (300_000, 510_000), (600_000, 790_000)], Limit));

    [Fact]
    public async Task It_counts_answers_and_tells_of_one_that_is_overdue()
    {
        // So long that no busy machine makes the others overdue as well.
        var limit = TimeSpan.FromSeconds(1);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var ended = new CancellationTokenSource();
        var clock = new RecordingClock(TimeProvider.System);
        var heartbeat = new Heartbeat("web-1", (IPEndPoint)listener.LocalEndpoint, "GET /healthz", limit, () => clock.Now, TimeProvider.System);
        var told = new List<bool>();
        var overdue = new TaskCompletionSource();
        var running = heartbeat.RunAsync(
            isOverdue =>
            {
                told.Add(isOverdue);
                if (isOverdue)
                    overdue.TrySetResult();
            },
            ended.Token);
        using (var first = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken))
            await AnswerAsync(first);
        using (var second = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken))
        {
            await overdue.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            await AnswerAsync(second);
        }
        using (var third = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken))
        {
            await ended.CancelAsync();
            await running;
        }
        Assert.Equal(2, heartbeat.Beats(0, clock.Now));
        Assert.Equal([true, false], told);
        Assert.Single(heartbeat.Blocks(0, clock.Now));
    }

    private static async Task AnswerAsync(TcpClient client)
    {
        var buffer = new byte[256];
        Assert.True(await client.GetStream().ReadAsync(buffer, TestContext.Current.CancellationToken) > 0);
        await client.GetStream().WriteAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
    }
}
