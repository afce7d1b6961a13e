using Mainstay.Cli.Composition;
using Mainstay.Contracts.Traffic;
using Microsoft.Extensions.Time.Testing;

namespace Mainstay.Cli.Tests.Composition;

public sealed class SharedTrafficTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource _alone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task A_drain_waits_for_the_earlier_core_and_ends_with_it()
    {
        var drain = DrainAsync(CancellationToken.None);
        _time.Advance(Limit / 2);
        Assert.False(drain.IsCompleted);

        _alone.SetResult();

        Assert.Equal(new(3, 1), await drain);
    }

    [Fact]
    public async Task But_not_longer_than_a_drain_may_take()
    {
        var drain = DrainAsync(CancellationToken.None);
        _time.Advance(Limit);
        Assert.Equal(new(3, 1), await drain);
    }

    [Fact]
    public async Task Nor_for_a_replica_that_has_died()
    {
        using var died = new CancellationTokenSource();
        var drain = DrainAsync(died.Token);
        await died.CancelAsync();
        Assert.Equal(new(3, 1), await drain);
    }

    [Fact]
    public async Task Alone_nothing_is_waited_for()
    {
        _alone.SetResult();
        Assert.Equal(new(3, 1), await DrainAsync(CancellationToken.None));
    }

    private Task<DrainOutcome> DrainAsync(CancellationToken cancel) =>
        new SharedTraffic(new Own(), _alone.Task, _time).DrainAsync("web", "web-1", Limit, cancel);

    private sealed class Own : ITrafficSwitch
    {
        public Task<DrainOutcome> DrainAsync(string service, string replica, TimeSpan limit, CancellationToken cancel) => Task.FromResult(new DrainOutcome(3, 1));

        public void Admit(ReplicaEndpoint replica) => throw new InvalidOperationException();

        public void Suspend(string service, string replica) => throw new InvalidOperationException();

        public void Remove(string service, string replica) => throw new InvalidOperationException();

        public IDisposable Hold(string service) => throw new InvalidOperationException();

        public ReplicaTraffic Observe(string service, string replica) => throw new InvalidOperationException();
    }
}
