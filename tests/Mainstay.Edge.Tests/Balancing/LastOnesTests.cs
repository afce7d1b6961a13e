using Mainstay.Edge.Balancing;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Tests.Fakes;
using Mainstay.Resilience.Balancing;

namespace Mainstay.Edge.Tests.Balancing;

/// <summary>One replica is ejected, and then the other one stops answering.</summary>
public sealed class LastOnesTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task One_that_was_only_slow_takes_over_from_one_that_is_silent()
    {
        await using var bench = new ForwardingBench();
        var slow = bench.Admit(1, ReplicaInMemory.Answering("slow, but here"));
        bench.Admit(2, ReplicaInMemory.Silent());
        Eject(bench, EjectionCause.Latency);

        await UnderLoadAsync(bench, slow);

        Assert.False(bench.Upstreams.Observe("web", "web-1").Ejected);
        Assert.Equal("silent while its peers answer", bench.Upstreams.Observe("web", "web-2").EjectedBecause);
    }

    [Fact]
    public async Task One_that_failed_is_tried_before_its_time_when_the_last_one_is_silent()
    {
        await using var bench = new ForwardingBench();
        var failed = bench.Admit(1, ReplicaInMemory.Answering("well again"));
        bench.Admit(2, ReplicaInMemory.Silent());
        Eject(bench, EjectionCause.ConsecutiveFailures);

        await UnderLoadAsync(bench, failed);

        Assert.False(bench.Upstreams.Observe("web", "web-1").Ejected);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_that_was_only_slow_takes_over_from_one_that_fails(bool answers)
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, ReplicaInMemory.Answering("slow, but here"));
        bench.Admit(2, answers ? ReplicaInMemory.Answering("no", 500) : ReplicaInMemory.Failing(AttemptFailure.Unanswered, sent: true));
        Eject(bench, EjectionCause.Latency);
        for (var i = 0; i < 6; i++)
            await bench.SendAsync(bench.Request("POST"));
        Assert.False(bench.Upstreams.Observe("web", "web-1").Ejected);
        Assert.Equal("5 failures in a row", bench.Upstreams.Observe("web", "web-2").EjectedBecause);
    }

    [Fact]
    public async Task One_that_was_only_slow_takes_over_from_one_that_has_gone()
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, ReplicaInMemory.Answering("slow, but here"));
        bench.Admit(2, ReplicaInMemory.Answering("ok"));
        Eject(bench, EjectionCause.Latency);
        bench.Upstreams.Suspend("web", "web-2");
        Assert.False(bench.Upstreams.Observe("web", "web-1").Ejected);
    }

    /// <summary>A single request that takes long is not silence: what failed is not tried before its time.</summary>
    [Fact]
    public async Task A_long_request_at_the_last_one_brings_back_nobody()
    {
        await using var bench = new ForwardingBench();
        var bad = bench.Admit(1, ReplicaInMemory.Answering("no", 500));
        var count = 0;
        bench.Admit(2, new ReplicaInMemory(async (attempt, cancel) =>
        {
            await Task.Delay(Interlocked.Increment(ref count) == 1 ? TimeSpan.FromSeconds(4) : TimeSpan.FromMilliseconds(1), bench.Time, cancel);
            await ReplicaInMemory.Answer(attempt, 200, "ok");
        }));
        Eject(bench, EjectionCause.ConsecutiveFailures);
        var report = bench.SendAsync(bench.Request());
        for (var i = 0; i < 4; i++)
        {
            await bench.UntilAsync(Task.Delay(TimeSpan.FromSeconds(1.2), bench.Time), Soon);
            await bench.UntilAsync(bench.SendAsync(bench.Request()), Soon);
        }
        await bench.UntilAsync(report, Soon);
        Assert.Equal(0, bad.Attempts);
    }

    [Fact]
    public async Task Where_nothing_can_be_made_elsewhere_an_ejected_one_is_tried_all_the_same_if_later()
    {
        await using var bench = new ForwardingBench();
        var ejected = bench.Admit(1, ReplicaInMemory.Answering("well again"));
        bench.Admit(2, ReplicaInMemory.Answering("ok"));
        Eject(bench, EjectionCause.ConsecutiveFailures);
        bench.Time.Advance(TimeSpan.FromSeconds(7));
        await bench.SendAsync(bench.Request("POST"));
        Assert.Equal(0, ejected.Attempts);
        bench.Time.Advance(TimeSpan.FromSeconds(10));
        await bench.SendAsync(bench.Request("POST"));
        Assert.Equal(1, ejected.Attempts);
        Assert.False(bench.Upstreams.Observe("web", "web-1").Ejected);
    }

    /// <summary>Ten requests a second; all that were sent are answered soon.</summary>
    private static async Task UnderLoadAsync(ForwardingBench bench, ReplicaInMemory answering)
    {
        var sent = new List<Task>();
        // What may be moved is a share of what came before.
        for (var i = 0; i < 100; i++)
            bench.Set.CountRequest(bench.Time.Seconds());
        for (var passed = TimeSpan.Zero; passed < Soon; passed += TimeSpan.FromMilliseconds(100))
        {
            sent.Add(bench.SendAsync(bench.Request()));
            await bench.UntilAsync(Task.Delay(TimeSpan.FromMilliseconds(100), bench.Time), Soon);
        }
        await bench.UntilAsync(Task.WhenAll(sent), Soon);
        Assert.Equal(sent.Count, answering.Attempts);
    }

    private static void Eject(ForwardingBench bench, EjectionCause cause)
    {
        foreach (var upstream in bench.Set.Serving)
        {
            if (upstream.Name == "web-1")
                Assert.True(bench.Set.TryEject(upstream, cause, bench.Time.Seconds()));
        }
    }
}
