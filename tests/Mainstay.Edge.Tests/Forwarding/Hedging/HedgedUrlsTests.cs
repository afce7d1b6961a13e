using Mainstay.Edge.Balancing;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Tests.Fakes;
using Mainstay.Resilience.Breakers;

namespace Mainstay.Edge.Tests.Forwarding.Hedging;

/// <summary>Hedges between two urls, each with its breaker: it hears of every attempt once, and keeps hedges away while it is not closed.</summary>
public sealed class HedgedUrlsTests : IAsyncDisposable
{
    private readonly ForwardingBench _bench = new();
    private readonly ReplicaInMemory _first;
    private readonly ReplicaInMemory _second;
    private readonly List<Leg> _burden = [];

    public HedgedUrlsTests()
    {
        _first = Scripted(HedgedPair.Answer("first", after: 0.3));
        _second = Scripted(HedgedPair.Answer("second"));
        _bench.RunElsewhere((1, _first), (2, _second));
    }

    public async ValueTask DisposeAsync()
    {
        _burden.ForEach(leg => _bench.Set.End(leg, FlightOutcome.Ignored));
        await _bench.DisposeAsync();
    }

    private Upstream First => _bench.Set.Serving[0];

    private Upstream Second => _bench.Set.Serving[1];

    private double Now => _bench.Clock.Seconds();

    [Fact]
    public async Task A_url_that_is_well_gets_the_hedge()
    {
        Burden(Second);

        Assert.Equal("second", await SendAsync());

        Assert.Equal((1, 1), (_first.Attempts, _second.Attempts));
    }

    [Fact]
    public async Task A_barred_one_gets_none_and_the_budget_is_left_alone()
    {
        Open(Second);
        var left = 0;

        Assert.Equal("first", await SendAsync());

        Assert.Equal((1, 0), (_first.Attempts, _second.Attempts));
        Assert.Equal(0, _bench.Hedge!.Status(Now).Made);
        while (_bench.Set.Budget.TrySpend(Now))
            left++;
        Assert.Equal(10, left);
    }

    [Fact]
    public async Task One_whose_trial_is_due_gets_none_either()
    {
        Open(Second);
        _bench.Time.Advance(TimeSpan.FromSeconds(2));
        Burden(Second);
        Assert.False(Second.IsBarred(Now));

        Assert.Equal("first", await SendAsync());

        Assert.Equal((1, 0), (_first.Attempts, _second.Attempts));
        Assert.Null(_bench.Set.TryBeginElsewhere(NewLeg(), [First]));
    }

    [Fact]
    public async Task A_trial_is_not_hedged_and_closes_the_breaker()
    {
        _second.Script = Script(HedgedPair.Answer("second", after: 0.3));
        Open(Second);
        _bench.Time.Advance(TimeSpan.FromSeconds(2));
        Burden(First);

        Assert.Equal("second", await SendAsync());

        Assert.Equal((0, 1), (_first.Attempts, _second.Attempts));
        Assert.Equal(BreakerMode.Closed, Second.Breaker!.State(Now).Mode);
    }

    [Fact]
    public async Task A_trial_that_came_to_nothing_leaves_the_next_one_free()
    {
        _second.Script = Script(HedgedPair.Hang());
        Open(Second);
        _bench.Time.Advance(TimeSpan.FromSeconds(2));
        Burden(First);
        var exchange = _bench.Request();
        var sending = _bench.SendAsync(exchange);
        await ForwardingBench.EventuallyAsync(() => _second.Attempts == 1);
        Assert.True(Second.IsBarred(Now));

        exchange.Leave();
        await sending.WaitAsync(TimeSpan.FromSeconds(20));

        Assert.False(Second.IsBarred(Now));
    }

    [Fact]
    public async Task A_hedge_that_finds_nobody_listening_counts_once_and_an_overtaken_one_not_at_all()
    {
        Burden(Second);
        _second.Script = Script(HedgedPair.Fail(after: 0.02, AttemptFailure.Unconnected));
        Assert.Equal("first", await SendAsync());
        Assert.Equal((0, 1), Failures);

        _second.Script = Script(HedgedPair.Hang());
        Assert.Equal("first", await SendAsync());
        Assert.Equal((0, 1), Failures);

        _second.Script = Script(HedgedPair.Answer("second"));
        Assert.Equal("second", await SendAsync());
        Assert.Equal((0, 0), Failures);
        Assert.Equal((3, 3), (_first.Attempts, _second.Attempts));
    }

    [Fact]
    public async Task Two_that_find_nobody_listening_count_once_each()
    {
        _bench.Route = _bench.Route with { Retries = 0 };
        _first.Script = _second.Script = Script(HedgedPair.Fail(after: 0.1, AttemptFailure.Unconnected));

        await SendAsync();

        Assert.Equal((1, 1), Failures);
        Assert.Equal(2, _bench.Set.Totals.Failures);
    }

    private (int First, int Second) Failures => (First.Breaker!.State(Now).FailuresInARow, Second.Breaker!.State(Now).FailuresInARow);

    private async Task<string> SendAsync()
    {
        _bench.HedgeAfter(0.05); // whatever took longer before
        var exchange = _bench.Request();
        await _bench.UntilAsync(_bench.SendAsync(exchange), TimeSpan.FromSeconds(1));
        return await exchange.TextAsync();
    }

    /// <summary>So busy that an attempt which may choose goes to the other one.</summary>
    private void Burden(Upstream upstream)
    {
        for (var i = 0; i < 20; i++)
        {
            var leg = NewLeg();
            Assert.True(upstream.TryBegin(leg, Now, Visit.Ordinary));
            _burden.Add(leg);
        }
    }

    private void Open(Upstream upstream)
    {
        while (!upstream.IsBarred(Now))
        {
            var leg = NewLeg();
            Assert.True(upstream.Breaker!.TryEnter(leg, Now));
            upstream.Breaker.Tell(leg, FlightOutcome.Unreachable, Now);
            upstream.Breaker.Tell(leg, FlightOutcome.Success(0.01), Now); // once: this one is too late
            _bench.Time.Advance(TimeSpan.FromMilliseconds(200));
        }
    }

    private Leg NewLeg() => new(new Passage(_bench.Clock), _bench.Clock);

    private ReplicaInMemory Scripted(AttemptScript script) => new(Script(script));

    private Func<Attempt, CancellationToken, ValueTask> Script(AttemptScript script) => (attempt, cancel) => script(_bench.Clock, attempt, cancel);
}
