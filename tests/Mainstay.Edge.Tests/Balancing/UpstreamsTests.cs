using Mainstay.Contracts.Traffic;
using Mainstay.Edge.Tests.Fakes;

namespace Mainstay.Edge.Tests.Balancing;

public sealed class UpstreamsTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_suspended_replica_gets_nothing_until_it_is_admitted_again()
    {
        await using var bench = new ForwardingBench();
        var one = bench.Admit(1, ReplicaInMemory.Answering("1"));
        var two = bench.Admit(2, ReplicaInMemory.Answering("2"));
        bench.Upstreams.Suspend("web", "web-1");
        for (var i = 0; i < 20; i++)
            await bench.SendAsync(bench.Request());
        Assert.Equal((0, 20), (one.Attempts, two.Attempts));
        bench.Upstreams.Suspend("web", "web-2");
        bench.Upstreams.Admit(new ReplicaEndpoint("web", "web-1", 1, 1));
        await bench.SendAsync(bench.Request());
        Assert.Equal(1, one.Attempts);
    }

    [Fact]
    public async Task Calls_for_unknown_replicas_do_nothing()
    {
        await using var bench = new ForwardingBench();
        bench.Upstreams.Suspend("web", "nobody");
        bench.Upstreams.Remove("nothing", "nobody");
        Assert.Equal(default, await bench.Upstreams.DrainAsync("web", "nobody", Soon, default));
        Assert.Equal(default, bench.Upstreams.Observe("web", "nobody"));
    }

    [Fact]
    public async Task A_drain_completes_when_the_last_request_has_ended()
    {
        await using var bench = new ForwardingBench();
        var gate = new TaskCompletionSource();
        bench.Admit(1, new ReplicaInMemory(async (attempt, _) =>
        {
            await gate.Task;
            await ReplicaInMemory.Answer(attempt, 200, "late");
        }));
        var exchange = bench.Request();
        var sending = bench.SendAsync(exchange);
        Assert.Equal(1, bench.Upstreams.Observe("web", "web-1").InFlight);
        var draining = bench.Upstreams.DrainAsync("web", "web-1", Soon, default);
        Assert.False(draining.IsCompleted);
        var after = bench.SendAsync(bench.Request());
        gate.SetResult();
        Assert.Equal(new DrainOutcome(1, 0), await draining.WaitAsync(Soon));
        await sending.WaitAsync(Soon);
        Assert.Equal(200, exchange.Answer.Status);
        Assert.False(after.IsCompleted);
        Assert.Equal(1, bench.Upstreams.Totals.Waiting);
        bench.Admit(2, ReplicaInMemory.Answering("new"));
        await after.WaitAsync(Soon);
    }

    [Fact]
    public async Task What_is_left_at_the_limit_is_cut_and_moved_if_that_is_safe()
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, ReplicaInMemory.Silent());
        var get = bench.Request();
        var post = bench.Request("POST");
        var sending = Task.WhenAll(bench.SendAsync(get), bench.SendAsync(post));
        bench.Admit(2, ReplicaInMemory.Answering("ok"));
        var draining = bench.Upstreams.DrainAsync("web", "web-1", TimeSpan.FromSeconds(5), default);
        bench.Time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(draining.IsCompleted);
        bench.Time.Advance(TimeSpan.FromSeconds(0.2));
        Assert.Equal(new DrainOutcome(0, 2), await draining.WaitAsync(Soon));
        await bench.UntilAsync(sending, TimeSpan.FromSeconds(1));
        Assert.Equal((200, 503), (get.Answer.Status, post.Answer.Status));
    }

    [Fact]
    public async Task A_late_probe_does_not_revive_a_replica_that_is_drained()
    {
        await using var bench = new ForwardingBench();
        var one = bench.Admit(1, ReplicaInMemory.Answering("1"));
        await bench.Upstreams.DrainAsync("web", "web-1", Soon, default);
        bench.Upstreams.Admit(new ReplicaEndpoint("web", "web-1", 1, 1));
        Assert.Equal(0, bench.Set.Serving.Length);
        bench.Admit(2, ReplicaInMemory.Answering("2"));
        await bench.SendAsync(bench.Request());
        Assert.Equal(0, one.Attempts);
    }

    [Fact]
    public async Task A_restarted_replica_on_another_port_takes_the_place_of_the_old_one()
    {
        await using var bench = new ForwardingBench();
        var old = bench.Admit(1, ReplicaInMemory.Answering("old"));
        var young = ReplicaInMemory.Answering("new");
        bench.Admit(2, young);
        bench.Upstreams.Remove("web", "web-1");
        await ForwardingBench.EventuallyAsync(() => old is { IsRetired: true, IsDisposed: true });
        await bench.SendAsync(bench.Request());
        Assert.Equal((0, 1), (old.Attempts, young.Attempts));
    }

    [Fact]
    public async Task A_removed_replica_s_client_is_closed_after_what_is_in_flight()
    {
        await using var bench = new ForwardingBench();
        var gate = new TaskCompletionSource();
        var one = bench.Admit(1, new ReplicaInMemory(async (attempt, _) =>
        {
            await gate.Task;
            await ReplicaInMemory.Answer(attempt, 200, "late");
        }));
        var sending = bench.SendAsync(bench.Request());
        bench.Upstreams.Remove("web", "web-1");
        await ForwardingBench.EventuallyAsync(() => one.IsRetired);
        Assert.False(one.IsDisposed);
        gate.SetResult();
        await sending.WaitAsync(Soon);
        await ForwardingBench.EventuallyAsync(() => one.IsDisposed);
    }

    [Fact]
    public async Task Applying_a_manifest_leaves_live_services_alone_and_drops_those_without_replicas()
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, ReplicaInMemory.Answering("1"));
        var set = bench.Set;
        bench.Upstreams.Apply(Manifests.Of(ForwardingBench.Service(), ForwardingBench.Service("other")));
        Assert.Same(set, bench.Set);
        Assert.NotNull(bench.Upstreams.Find("other"));
        bench.Upstreams.Apply(Manifests.Of(ForwardingBench.Service()));
        Assert.Null(bench.Upstreams.Find("other"));
        bench.Upstreams.Apply(Manifests.Of());
        Assert.Same(set, bench.Upstreams.Find("web"));
        bench.Upstreams.Remove("web", "web-1");
        Assert.Null(bench.Upstreams.Find("web"));
    }

    [Fact]
    public async Task Drains_that_race_with_requests_lose_none()
    {
        for (var round = 0; round < 50; round++)
        {
            await using var bench = new ForwardingBench(TimeProvider.System);
            var active = new int[3];
            ReplicaInMemory Counting(int number) => new(async (attempt, _) =>
            {
                Interlocked.Increment(ref active[number]);
                await Task.Yield();
                Interlocked.Decrement(ref active[number]);
                await ReplicaInMemory.Answer(attempt, 200, "ok");
            });
            bench.Admit(1, Counting(1));
            var clients = Enumerable.Range(0, 3).Select(_ => Task.Run(async () =>
            {
                for (var i = 0; i < 100; i++)
                {
                    var exchange = bench.Request("POST");
                    await bench.SendAsync(exchange);
                    Assert.Equal(200, exchange.Answer.Status);
                }
            })).ToArray();
            bench.Admit(2, Counting(2));
            var outcome = await bench.Upstreams.DrainAsync("web", "web-1", Soon, default);
            Assert.Equal(0, outcome.Cut);
            Assert.Equal(0, Volatile.Read(ref active[1]));
            bench.Upstreams.Remove("web", "web-1");
            await Task.WhenAll(clients).WaitAsync(TimeSpan.FromSeconds(60));
            Assert.Equal(0, bench.Set.Totals.Retries);
        }
    }
}
