using System.Text;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Tests.Faults.Proxy;
using Microsoft.Extensions.Time.Testing;

namespace Mainstay.Prove.Tests.Experiments.Running;

public sealed class SizingTests
{
    private const string Routes = """
        services: { web: node server.js }
        routes:
          - { path: /**, service: web }
          - { path: /events, service: web }
        """;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("Transfer-Encoding: chunked", false)]
    [InlineData("Content-Length: 100", true)]
    public async Task An_answer_without_an_end_is_left_out_but_not_one_that_stops_before_its_length(string framing, bool isSent)
    {
        var time = new FakeTimeProvider();
        var begun = new TaskCompletionSource();
        await using var upstream = Upstream.Serve(async socket =>
        {
            var text = new byte[4096];
            while (await socket.ReceiveAsync(text) is var read and > 0)
            {
                var isStream = Encoding.ASCII.GetString(text, 0, read).StartsWith("GET /events", StringComparison.Ordinal);
                await socket.SendAllAsync(Encoding.ASCII.GetBytes(isStream ? $"HTTP/1.1 200 OK\r\n{framing}\r\n\r\n5\r\nevent\r\n" : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
                if (isStream)
                    begun.TrySetResult();
            }
        });
        using var sizing = new Sizing(upstream.Endpoint, time);
        var trying = sizing.TryAsync(Specs.Scope(Routes).Sent, TestContext.Current.CancellationToken);
        await begun.Task.WaitAsync(Deadline);
        Assert.False(trying.IsCompleted);
        await AdvanceUntilAsync(time, trying);
        var (sent, left) = await trying;
        Assert.Equal(isSent ? 2 : 1, sent.Length);
        Assert.Equal(isSent ? [] : ["route /events"], left.Select(one => one.What));
        Assert.All(left, one => Assert.Contains("goes on and on", one.Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_never_answered_is_not_asked_by_more_and_more_clients()
    {
        var time = new FakeTimeProvider();
        await using var upstream = Upstream.Serve(async socket =>
        {
            while (await socket.ReceiveAsync(new byte[4096]) > 0)
            {
            }
        });
        using var sizing = new Sizing(upstream.Endpoint, time);
        var measuring = sizing.MeasureAsync(Specs.Scope("services: { web: node server.js }").Sent, TestContext.Current.CancellationToken);
        await AdvanceUntilAsync(time, measuring);
        Assert.Equal(0, (await measuring).Bearable);
        Assert.Equal(1, upstream.Accepted);
        Assert.InRange((time.GetUtcNow() - time.Start).TotalSeconds, 20, 25);
    }

    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Task task)
    {
        using var limit = new CancellationTokenSource(Deadline);
        while (!task.IsCompleted)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, limit.Token);
            time.Advance(TimeSpan.FromSeconds(0.1));
        }
    }
}
