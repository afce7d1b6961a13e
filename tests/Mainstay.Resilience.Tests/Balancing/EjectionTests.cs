using FsCheck.Xunit;
using Mainstay.Resilience.Balancing;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.Balancing;

[Properties(Replay = Seed.OfProperties)]
public sealed class EjectionTests
{
    private readonly EjectionState _state = new(new EjectionPolicy());

    [Fact]
    public void Five_failures_in_a_row_call_for_it()
    {
        for (var i = 0; i < 4; i++)
            Assert.Equal(EjectionCause.None, _state.Record(false, 1));
        Assert.Equal(EjectionCause.ConsecutiveFailures, _state.Record(false, 1));
    }

    [Fact]
    public void A_success_breaks_the_row()
    {
        for (var i = 0; i < 4; i++)
            _state.Record(false, 1);
        _state.Record(true, 1);
        Assert.Equal(EjectionCause.None, _state.Record(false, 1));
    }

    [Fact]
    public void Less_than_eighty_percent_call_for_it_once_there_are_enough_samples()
    {
        var causes = Enumerable.Range(0, 20).Select(i => _state.Record(i % 4 != 3, 1)).ToList();
        Assert.All(causes[..^1], cause => Assert.Equal(EjectionCause.None, cause));
        Assert.Equal(EjectionCause.SuccessRate, causes[^1]);
    }

    [Fact]
    public void Old_failures_are_forgiven()
    {
        for (var i = 0; i < 100; i++)
            _state.Record(i % 4 != 3, 1);
        for (var i = 0; i < 19; i++)
            _state.Record(true, 12);
        Assert.Equal(EjectionCause.None, _state.Record(false, 12));
    }

    [Property]
    public bool Each_ejection_lasts_longer_up_to_the_limit(ushort chance)
    {
        var state = new EjectionState(new EjectionPolicy());
        double now = 1000, expected = 5;
        for (var i = 0; i < 12; i++)
        {
            state.Eject(EjectionCause.Silence, now, chance / 65536.0);
            var seconds = state.Until - now;
            if (seconds < expected - 1e-6 || seconds > expected * 1.2)
                return false;
            now = state.Until;
            if (!state.TryBeginTrial(now))
                return false;
            state.Readmit(now);
            expected = Math.Min(300, expected * 2);
        }
        return true;
    }

    [Fact]
    public void One_trial_at_a_time_and_only_when_its_time_has_come()
    {
        _state.Eject(EjectionCause.ConsecutiveFailures, 0, 0);
        Assert.False(_state.TryBeginTrial(4.9));
        Assert.True(_state.TryBeginTrial(5));
        Assert.False(_state.TryBeginTrial(6));
        _state.ForgetTrial();
        Assert.True(_state.TryBeginTrial(6));
    }

    [Fact]
    public void A_success_readmits_and_a_failed_trial_doubles_the_time()
    {
        _state.Eject(EjectionCause.ConsecutiveFailures, 0, 0);
        _state.TryBeginTrial(5);
        _state.Record(false, 5);
        _state.FailTrial(5, 0);
        Assert.Equal(15, _state.Until, 9);
        _state.TryBeginTrial(15);
        _state.Record(true, 15);
        Assert.False(_state.IsEjected);
        Assert.Equal((1.0, 0), _state.Success(15));
    }

    [Fact]
    public void A_long_time_without_one_begins_again_at_the_shortest()
    {
        _state.Eject(EjectionCause.Silence, 0, 0);
        _state.Readmit(5);
        _state.Eject(EjectionCause.Silence, 400, 0);
        Assert.Equal(405, _state.Until, 9);
    }

    [Theory]
    [InlineData(1, 2, false)]
    [InlineData(1, 3, true)]
    [InlineData(2, 4, false)]
    [InlineData(0, 1, true)]
    public void Below_half_of_the_fleet_all_are_used(int available, int all, bool usesAll) =>
        Assert.Equal(usesAll, EjectionPolicy.UsesAll(available, all));

    [Theory]
    [InlineData(double.NaN, 1)]
    [InlineData(0.01, 1)]
    [InlineData(0.5, 1.5)]
    public void Silence_is_judged_by_the_peers(double p99, double limit) => Assert.Equal(limit, EjectionPolicy.SilenceLimit(p99), 9);

    [Theory]
    [InlineData(1.0, 0.1, true)]
    [InlineData(0.2, 0.01, false)]
    [InlineData(1.0, 0.5, false)]
    [InlineData(1.0, double.NaN, false)]
    public void Only_a_median_far_above_the_slowest_peer_is_an_outlier(double median, double peer, bool far) =>
        Assert.Equal(far, new EjectionPolicy().IsFarAbove(median, peer));
}
