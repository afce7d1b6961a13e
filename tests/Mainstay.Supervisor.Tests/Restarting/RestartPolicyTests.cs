using Mainstay.Supervisor.Restarting;
using Microsoft.Extensions.Time.Testing;

namespace Mainstay.Supervisor.Tests.Restarting;

public sealed class RestartPolicyTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void A_replica_that_was_ready_starts_again_at_once_however_often()
    {
        var policy = new RestartPolicy(_time);
        for (var i = 0; i < 100; i++)
            Assert.Equal(new RestartDecision(TimeSpan.Zero, false, false), policy.Died(wasReady: true));
    }

    [Fact]
    public void Deaths_before_ready_back_off_doubling_from_100_ms()
    {
        var policy = new RestartPolicy(_time);
        Assert.Equal([100, 200, 400, 800], Enumerable.Range(0, 4).Select(_ => policy.Died(false).Delay.TotalMilliseconds));
    }

    [Fact]
    public void The_fifth_death_within_a_minute_is_a_crash_loop_announced_once_and_tried_every_10_s()
    {
        var policy = new RestartPolicy(_time);
        for (var i = 0; i < 4; i++)
            Assert.False(policy.Died(false).CrashLoop);
        Assert.Equal(new RestartDecision(TimeSpan.FromSeconds(10), true, true), policy.Died(false));
        for (var i = 0; i < 10; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(90));
            Assert.Equal(new RestartDecision(TimeSpan.FromSeconds(10), true, false), policy.Died(false));
        }
    }

    [Fact]
    public void Slow_deaths_back_off_to_10_s_and_are_no_crash_loop()
    {
        var policy = new RestartPolicy(_time);
        var decision = default(RestartDecision);
        for (var i = 0; i < 12; i++)
        {
            decision = policy.Died(false);
            Assert.False(decision.CrashLoop);
            _time.Advance(TimeSpan.FromSeconds(30));
        }
        Assert.Equal(TimeSpan.FromSeconds(10), decision.Delay);
    }

    [Fact]
    public void Ready_once_forgives_what_was_before()
    {
        var policy = new RestartPolicy(_time);
        for (var i = 0; i < 5; i++)
            policy.Died(false);
        policy.BecameReady();
        Assert.Equal(new RestartDecision(TimeSpan.FromMilliseconds(100), false, false), policy.Died(false));
    }
}
