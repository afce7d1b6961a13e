using Mainstay.Edge.Tests.Fakes;

namespace Mainstay.Edge.Tests.Balancing;

/// <summary>A stopped replica accepts requests and answers none, while its peer answers some at once and others after a while.</summary>
public sealed class SilenceTests
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(20);

    [Theory]
    [InlineData(0)]
    [InlineData(400)]
    [InlineData(1000)]
    public async Task It_gets_nothing_any_more_three_seconds_later(int milliseconds)
    {
        await using var bench = new ForwardingBench();
        var silent = false;
        bench.Admit(1, Answering(() => false));
        var stopped = bench.Admit(2, Answering(() => silent));
        bench.Time.Advance(TimeSpan.FromSeconds(30));
        var sent = new List<Task>();
        await SendAsync(6);
        silent = true;
        await SendAsync(3);
        var before = stopped.Attempts;
        await SendAsync(3);

        Assert.Equal("silent while its peers answer", bench.Upstreams.Observe("web", "web-2").EjectedBecause);
        Assert.Equal(before, stopped.Attempts);
        await bench.UntilAsync(Task.WhenAll(sent), TimeSpan.FromSeconds(2));

        // Every second one of them slow; 50 a second.
        async Task SendAsync(int seconds)
        {
            for (var i = 0; i < seconds * 50; i++)
            {
                sent.Add(bench.SendAsync(bench.Request()));
                await bench.UntilAsync(Task.Delay(Beat, bench.Time), Beat * 2);
            }
        }

        ReplicaInMemory Answering(Func<bool> isSilent) => new(async (attempt, cancel) =>
        {
            if (isSilent())
                await ReplicaInMemory.Hang(attempt, cancel);
            if (Interlocked.Increment(ref _count) % 2 == 0)
                await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), bench.Time, cancel);
            await ReplicaInMemory.Answer(attempt, 200, "ok");
        });
    }

    private int _count;
}
