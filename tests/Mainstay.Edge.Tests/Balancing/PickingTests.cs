using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Tests.Fakes;

namespace Mainstay.Edge.Tests.Balancing;

public sealed class PickingTests
{
    [Fact]
    public async Task New_replicas_share_evenly_however_new_they_are()
    {
        await using var bench = new ForwardingBench();
        var replicas = Enumerable.Range(1, 3).Select(number => bench.Admit(number, ReplicaInMemory.Answering("ok"))).ToList();
        for (var i = 0; i < 600; i++)
            await bench.SendAsync(bench.Request());
        Assert.All(replicas, replica => Assert.InRange(replica.Attempts, 140, 260));
    }

    [Fact]
    public async Task A_replica_that_joins_ramps_up()
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, ReplicaInMemory.Answering("ok"));
        bench.Time.Advance(TimeSpan.FromSeconds(30));
        await bench.SendAsync(bench.Request());
        var young = bench.Admit(2, ReplicaInMemory.Answering("ok"));
        for (var i = 0; i < 500; i++)
            await bench.SendAsync(bench.Request());
        Assert.InRange(young.Attempts, 5, 80);
        bench.Time.Advance(TimeSpan.FromSeconds(10));
        var before = young.Attempts;
        for (var i = 0; i < 500; i++)
            await bench.SendAsync(bench.Request());
        Assert.InRange(young.Attempts - before, 180, 320);
    }

    /// <summary>Where chance decides alone, a replica that stands still may be found out after a dozen requests, and so of seconds.</summary>
    [Fact]
    public async Task Where_little_comes_all_take_turns()
    {
        await using var bench = new ForwardingBench();
        var replicas = Enumerable.Range(1, 3).Select(instance => bench.Admit(instance, ReplicaInMemory.Answering("ok"))).ToList();
        for (var i = 0; i < 30; i++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            await bench.SendAsync(bench.Request());
        }
        Assert.All(replicas, replica => Assert.Equal(10, replica.Attempts));
    }

    [Fact]
    public async Task A_replica_that_fails_fast_attracts_no_traffic()
    {
        await using var bench = new ForwardingBench();
        var bad = bench.Admit(1, ReplicaInMemory.Answering("no", 500));
        bench.Admit(2, ReplicaInMemory.Answering("ok"));
        for (var i = 0; i < 200; i++)
            await bench.SendAsync(bench.Request());
        Assert.InRange(bad.Attempts, 1, 3);
    }

    [Fact]
    public async Task The_last_one_is_never_ejected()
    {
        await using var bench = new ForwardingBench();
        var only = bench.Admit(1, ReplicaInMemory.Failing(AttemptFailure.Unanswered, sent: true));
        for (var i = 0; i < 30; i++)
            await bench.SendAsync(bench.Request("POST"));
        Assert.Equal(30, only.Attempts);
        Assert.False(bench.Upstreams.Observe("web", "web-1").Ejected);
    }

    [Fact]
    public async Task Five_failures_eject_and_one_trial_readmits()
    {
        await using var bench = new ForwardingBench();
        var gate = new TaskCompletionSource();
        var bad = bench.Admit(1, new ReplicaInMemory(async (attempt, _) =>
        {
            await gate.Task;
            await ReplicaInMemory.Fail(attempt, AttemptFailure.Unanswered, sent: true);
        }));
        bench.Admit(2, new ReplicaInMemory(async (attempt, _) =>
        {
            await gate.Task;
            await ReplicaInMemory.Answer(attempt, 200, "ok");
        }));
        var sending = Enumerable.Range(0, 12).Select(_ => bench.SendAsync(bench.Request("POST"))).ToArray();
        gate.SetResult();
        await Task.WhenAll(sending).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.InRange(bad.Attempts, 5, 7);
        Assert.True(bench.Upstreams.Observe("web", "web-1").Ejected);
        Assert.Equal("5 failures in a row", bench.Upstreams.Observe("web", "web-1").EjectedBecause);

        bad.Script = (attempt, _) => ReplicaInMemory.Answer(attempt, 200, "well again");
        var before = bad.Attempts;
        for (var i = 0; i < 20; i++)
            await bench.SendAsync(bench.Request());
        Assert.Equal(before, bad.Attempts);
        bench.Time.Advance(TimeSpan.FromSeconds(6.1));
        await bench.SendAsync(bench.Request());
        Assert.Equal(before + 1, bad.Attempts);
        Assert.False(bench.Upstreams.Observe("web", "web-1").Ejected);
    }

    [Fact]
    public async Task Clients_that_do_not_come_to_the_end_of_their_bodies_eject_nobody()
    {
        await using var bench = new ForwardingBench();
        bench.Route = bench.Route with { Timeout = TimeSpan.FromSeconds(5) };
        var replicas = Enumerable.Range(1, 2).Select(number => bench.Admit(number, new ReplicaInMemory(async (attempt, cancel) =>
        {
            attempt.Sent = true;
            await ReplicaInMemory.ReadAsync(attempt.Body!, cancel);
            await ReplicaInMemory.Answer(attempt, 200, "ok");
        }))).ToList();
        var exchanges = Enumerable.Range(0, 20).Select(_ => bench.Request("POST", hasBody: true)).ToList();
        await bench.UntilAsync(Task.WhenAll(exchanges.Select(bench.SendAsync)), TimeSpan.FromSeconds(8));
        Assert.All(exchanges, exchange => Assert.Equal(408, exchange.Answer.Status));
        Assert.All(Enumerable.Range(1, 2), number => Assert.False(bench.Upstreams.Observe("web", $"web-{number}").Ejected));
        Assert.Equal(20, replicas.Sum(replica => replica.Attempts));
    }

    [Fact]
    public async Task Failures_that_all_replicas_share_eject_nobody()
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, ReplicaInMemory.Answering("bug", 500));
        bench.Admit(2, ReplicaInMemory.Answering("bug", 500));
        for (var i = 0; i < 100; i++)
            await bench.SendAsync(bench.Request());
        var ejected = Enumerable.Range(1, 2).Count(number => bench.Upstreams.Observe("web", $"web-{number}").Ejected);
        Assert.InRange(ejected, 0, 1);
    }
}
