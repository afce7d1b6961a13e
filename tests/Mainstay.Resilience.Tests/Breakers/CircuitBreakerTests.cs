using FsCheck.Xunit;
using Mainstay.Resilience.Breakers;
using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.Breakers;

[Properties(Replay = Seed.OfProperties)]
public sealed class CircuitBreakerTests
{
    private readonly CircuitBreaker _breaker = New(1);

    private static CircuitBreaker New(long seed) => new(new BreakerPolicy(), new Dice(seed));

    private static double OpensAfter(CircuitBreaker breaker, double from, double rate)
    {
        for (var now = from; now < from + 60; now += 1 / rate)
        {
            if (breaker.Fail(breaker.TryEnter(now), now) is { To: BreakerMode.Open })
                return now - from;
        }
        return double.PositiveInfinity;
    }

    private static void Prove(CircuitBreaker breaker, double now)
    {
        for (var i = 0; i < 40; i++)
            breaker.Succeed(breaker.TryEnter(now), now);
    }

    /// <summary>The first trial that is let through from <paramref name="now"/> on, tried every 10 ms, and its time.</summary>
    private static (BreakerPass Pass, double At) Trial(CircuitBreaker breaker, double now)
    {
        while (true)
        {
            var pass = breaker.TryEnter(now);
            if (pass.Entry == BreakerEntry.Trial)
                return (pass, now);
            Assert.Equal(BreakerEntry.Open, pass.Entry);
            now += 0.01;
        }
    }

    [Theory]
    [InlineData(2, 3, 4)]
    [InlineData(10, 3, 3.2)]
    [InlineData(1000, 3, 3.01)]
    public void Opens_soon_when_all_fails_after_it_did_well(double rate, double least, double most)
    {
        Prove(_breaker, 0);
        Assert.InRange(OpensAfter(_breaker, 1, rate), least, most);
    }

    [Theory]
    [InlineData(2, 9.5)]
    [InlineData(1000, 3.01)]
    public void Opens_within_ten_seconds_even_if_it_never_did_well(double rate, double most) =>
        Assert.InRange(OpensAfter(_breaker, 1, rate), 3, most);

    [Theory]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(100)]
    public void Stays_closed_for_weeks_when_half_of_the_answers_fail(double rate)
    {
        var dice = new Dice(5);
        var opened = 0;
        const int Outcomes = 4_000_000;
        double now = 0;
        for (var i = 0; i < Outcomes; i++)
        {
            now += 1 / rate;
            var pass = _breaker.TryEnter(now);
            if (pass.MayGo && (dice.Unit() < 0.5 ? _breaker.Fail(pass, now) : _breaker.Succeed(pass, now)) is { To: BreakerMode.Open, FailedTrials: 0 })
                opened++;
        }
        // Once in 2¹⁹ outcomes is what is computed: 7.6 expected.
        Assert.InRange(opened, 0, 20);
    }

    [Fact]
    public void A_success_breaks_the_row()
    {
        Prove(_breaker, 0);
        for (var i = 0; i < 7; i++)
            _breaker.Fail(_breaker.TryEnter(i), i);
        _breaker.Succeed(_breaker.TryEnter(7), 7);
        for (var i = 0; i < 17; i++)
            Assert.Null(_breaker.Fail(_breaker.TryEnter(8 + i), 8 + i));
        Assert.NotNull(_breaker.Fail(_breaker.TryEnter(30), 30));
    }

    [Fact]
    public void What_is_ignored_changes_nothing()
    {
        Prove(_breaker, 0);
        for (var i = 0; i < 100; i++)
            _breaker.GiveBack(_breaker.TryEnter(i), i);
        Assert.Equal((BreakerMode.Closed, 0), (_breaker.State(100).Mode, _breaker.State(100).FailuresInARow));
    }

    [Property]
    public bool Trials_come_after_one_second_then_two_then_at_most_six(long seed)
    {
        var breaker = New(seed);
        var now = 1 + OpensAfter(breaker, 1, 10);
        foreach (var wait in new[] { 1.0, 2, 4, 5, 5, 5 })
        {
            var (trial, at) = Trial(breaker, now);
            if (at - now < wait - 0.001 || at - now > (wait * 1.2) + 0.02)
                return false;
            now = at;
            breaker.Fail(trial, now);
        }
        return breaker.State(now).FailedTrials == 6;
    }

    [Fact]
    public void One_trial_at_a_time_and_its_success_closes()
    {
        var now = 1 + OpensAfter(_breaker, 1, 10);
        var (trial, at) = Trial(_breaker, now);
        Assert.Equal(BreakerMode.HalfOpen, _breaker.State(at).Mode);
        Assert.Equal(BreakerEntry.Open, _breaker.TryEnter(at + 1).Entry);
        var change = _breaker.Succeed(trial, at + 1);
        Assert.Equal(BreakerMode.Closed, change!.Value.To);
        Assert.Equal(BreakerEntry.Closed, _breaker.TryEnter(at + 1).Entry);
        Assert.Equal((BreakerMode.Closed, 0.0, 1), (_breaker.State(at + 1).Mode, _breaker.RetryAfter(at + 1), _breaker.State(at + 1).Opened));
    }

    [Fact]
    public void A_trial_that_is_given_back_is_another_s()
    {
        var (trial, at) = Trial(_breaker, 1 + OpensAfter(_breaker, 1, 10));
        _breaker.GiveBack(trial, at);
        Assert.Equal(BreakerEntry.Trial, _breaker.TryEnter(at).Entry);
        _breaker.GiveBack(trial, at);
        Assert.Equal(BreakerEntry.Open, _breaker.TryEnter(at).Entry);
    }

    [Fact]
    public void A_trial_that_never_ends_does_not_lock_it()
    {
        var (lost, at) = Trial(_breaker, 1 + OpensAfter(_breaker, 1, 10));
        Assert.Equal(BreakerEntry.Open, _breaker.TryEnter(at + 4.9).Entry);
        Assert.Equal(BreakerEntry.Trial, _breaker.TryEnter(at + 5).Entry);
        Assert.Equal(BreakerMode.Closed, _breaker.Succeed(lost, at + 6)!.Value.To);
    }

    [Fact]
    public void Outcomes_from_before_it_opened_say_nothing()
    {
        var early = _breaker.TryEnter(0);
        var now = 1 + OpensAfter(_breaker, 1, 10);
        Assert.Null(_breaker.Succeed(early, now));
        Assert.Null(_breaker.Fail(early, now));
        var (trial, at) = Trial(_breaker, now);
        _breaker.Succeed(trial, at);
        for (var i = 0; i < 100; i++)
            Assert.Null(_breaker.Fail(early, at + i));
    }

    [Fact]
    public void It_tells_when_to_come_back_and_what_it_refused()
    {
        var now = 1 + OpensAfter(_breaker, 1, 10);
        Assert.InRange(_breaker.RetryAfter(now), 1, 1.2);
        _breaker.TryEnter(now);
        _breaker.TryEnter(now);
        var state = _breaker.State(now);
        Assert.Equal((BreakerMode.Open, 2L, now, 0), (state.Mode, state.Refused, state.Since, state.FailedTrials));
        Assert.InRange(state.FailuresInARow, 18, 32);
        Assert.InRange(state.Span, 3, 3.1);
    }

    [Property]
    public bool Recovers_within_ten_seconds_whatever_happened_before(long seed)
    {
        var dice = new Dice(seed);
        var breaker = New(seed);
        double now = 0, end = 30 + dice.Below(60);
        for (; now < end; now += 0.5)
        {
            var pass = breaker.TryEnter(now);
            if (pass.Entry == BreakerEntry.Trial && dice.Below(2) == 0)
                breaker.GiveBack(pass, now);
            else if (pass.MayGo)
                breaker.Fail(pass, now);
        }
        for (; now < end + 10; now += 0.5)
        {
            var pass = breaker.TryEnter(now);
            if (pass.MayGo)
                breaker.Succeed(pass, now);
        }
        return breaker.State(now).Mode == BreakerMode.Closed;
    }

    [Fact]
    public async Task Threads_let_one_trial_through()
    {
        var now = 10 + OpensAfter(_breaker, 1, 10);
        var trials = 0;
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                if (_breaker.TryEnter(now).Entry == BreakerEntry.Trial)
                    Interlocked.Increment(ref trials);
            }
        })));
        Assert.Equal(1, trials);
    }

    [Fact]
    public void Who_was_held_for_a_new_upstream_closes_by_a_success_the_outage_that_it_knew_and_no_other()
    {
        OpensAfter(_breaker, 0, 10);
        var held = _breaker.EnterHeld();
        Assert.True(held.MayGo);
        Assert.Null(_breaker.Fail(held, 100));
        Assert.Equal(BreakerMode.Closed, _breaker.Succeed(held, 100)!.Value.To);
        OpensAfter(_breaker, 200, 10);

        Assert.Null(_breaker.Succeed(held, 300));

        Assert.False(_breaker.IsClosed);
    }
}
