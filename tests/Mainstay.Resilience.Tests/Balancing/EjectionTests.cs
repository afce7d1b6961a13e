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
    [InlineData(0.5, 1)]
    [InlineData(2, 3)]
    public void Several_are_silent_sooner(double longest, double limit) => Assert.Equal(limit, EjectionPolicy.SilenceLimitOfSeveral(longest), 9);

    [Fact]
    public void A_success_of_one_that_was_too_slow_readmits_only_if_it_is_its_trial_s()
    {
        _state.Eject(EjectionCause.Latency, 0, 0);
        _state.Record(true, 1);
        Assert.True(_state.IsEjected);
        Assert.True(_state.TryBeginTrial(5));
        _state.Record(true, 5.5, ofTrial: true);
        Assert.False(_state.IsEjected);
    }

    [Fact]
    public void A_trial_of_what_cannot_be_made_elsewhere_comes_later()
    {
        _state.Eject(EjectionCause.ConsecutiveFailures, 0, 0);
        Assert.True(_state.IsTrialDue(5));
        Assert.False(_state.IsTrialDue(14.9, movable: false));
        Assert.True(_state.IsTrialDue(15, movable: false));
    }

    [Fact]
    public void When_the_others_are_worse_off_its_trial_is_due_a_second_after_the_last_one()
    {
        _state.Eject(EjectionCause.ConsecutiveFailures, 0, 0);
        _state.Hasten(0.2);
        Assert.False(_state.IsTrialDue(0.9));
        Assert.True(_state.TryBeginTrial(1));
        _state.FailTrial(1.5, 0);
        _state.Hasten(4);
        Assert.True(_state.IsTrialDue(4));
    }

    [Theory]
    [InlineData(1.0, 0.1, true)]
    [InlineData(0.2, 0.01, false)]
    [InlineData(1.0, 0.5, false)]
    [InlineData(0.1, 1.0, false)]
    public void Much_slower_is_what_is_far_above_its_peer(double latency, double peer, bool isSlower) =>
        Assert.Equal(isSlower, IsMuchSlower(Enumerable.Repeat(latency, 20), Enumerable.Repeat(peer, 20)));

    [Fact]
    public void Of_too_few_latencies_nothing_is_said() =>
        Assert.Null(IsMuchSlower(Enumerable.Repeat(1.0, 20), Enumerable.Repeat(0.1, 19)));

    [Fact]
    public void A_slow_replica_is_found_where_half_of_the_requests_are_slow_anyway() =>
        Assert.True(IsMuchSlower(Of(1.02, 1.4, 100), Of(0.02, 0.4, 100)));

    [Fact]
    public void A_slow_replica_that_gets_little_is_found()
    {
        var (its, peers) = (new LatencyWindow(), new LatencyWindow());
        for (var second = 0; second < 8; second++)
        {
            Record(its, Enumerable.Repeat(1.0, 3), second);
            Record(peers, Enumerable.Repeat(0.02, 40), second);
        }
        Assert.True(IsMuchSlower(its, peers, 8));
    }

    /// <summary>
    /// 50 a second come for as long as the stall lasts, three quarters of them to one of the two, and then little to that one; what waited ends as quickly
    /// as each can answer.
    /// </summary>
    [Theory]
    [InlineData(3, 2000)]
    [InlineData(3, 60)]
    [InlineData(8, 2000)]
    [InlineData(8, 60)]
    [InlineData(12, 200)]
    public void After_a_stall_of_both_the_one_that_gets_less_is_not_taken_for_slow(int stall, int answersASecond)
    {
        for (var phase = 0.0; phase < 1; phase += 0.125)
        {
            var (its, peers) = (new Queue(answersASecond), new Queue(answersASecond));
            var (from, to) = (20 + phase, 20 + phase + stall);
            for (var i = 0; i < (stall + 30) * 50; i++)
            {
                var now = 10 + (i / 50.0);
                var share = now < from ? 0.5 : now < to ? 0.75 : 0.08;
                (Math.Floor((i + 1) * share) > Math.Floor(i * share) ? its : peers).Take(now, notBefore: now < from ? now : Math.Max(now, to));
                Assert.NotEqual(true, IsMuchSlower(its.At(now), peers.At(now), now));
            }
        }
    }

    [Fact]
    public void Of_what_did_not_begin_together_nothing_is_said()
    {
        var (its, peers) = (new LatencyWindow(), new LatencyWindow());
        Record(its, Enumerable.Repeat(2.0, 200), 1);
        Record(peers, Enumerable.Repeat(0.02, 200), 2);
        Assert.Null(IsMuchSlower(its, peers, 3));
        Record(its, Enumerable.Repeat(2.0, 200), 2);
        Assert.True(IsMuchSlower(its, peers, 3));
    }

    /// <summary>Quick and slow ones at random, as many of each as one likes; nearly half of the medians would be far apart.</summary>
    [Property(MaxTest = 300)]
    public bool Equal_replicas_with_quick_and_slow_requests_are_never_told_apart(int seed, byte share)
    {
        var random = new Random(seed);
        for (var i = 0; i < 100; i++)
        {
            var (its, peers) = (Draw(random.Next(20, 400)), Draw(random.Next(20, 400)));
            if (IsMuchSlower(its, peers) == true)
                return false;
        }
        return true;

        List<double> Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(256) < share ? 0.02 : 0.4)];
    }

    private static IEnumerable<double> Of(double one, double other, int count) => Enumerable.Range(0, count).Select(i => i % 2 == 0 ? one : other);

    private static bool? IsMuchSlower(IEnumerable<double> its, IEnumerable<double> peers) => IsMuchSlower(InTenSeconds(its), InTenSeconds(peers), 9);

    private static bool? IsMuchSlower(LatencyWindow its, LatencyWindow peers, double now) => new EjectionPolicy().IsMuchSlower(Counts(its, now), Counts(peers, now));

    private static LatencyWindow InTenSeconds(IEnumerable<double> latencies)
    {
        var window = new LatencyWindow();
        foreach (var (latency, index) in latencies.Select((latency, index) => (latency, index)).OrderBy(each => each.index % 10))
            window.Record(latency, index % 10);
        return window;
    }

    private static void Record(LatencyWindow window, IEnumerable<double> latencies, double second)
    {
        foreach (var latency in latencies)
            window.Record(latency, second);
    }

    private static int[] Counts(LatencyWindow window, double now)
    {
        var counts = new int[LatencyWindow.Counts];
        window.CopyTo(counts, now);
        return counts;
    }

    /// <summary>Answers what it took one after the other, so many a second at most.</summary>
    private sealed class Queue(int answersASecond)
    {
        private readonly LatencyWindow _window = new();
        private readonly Queue<(double Began, double Ended)> _waiting = [];
        private double _last;

        public void Take(double now, double notBefore) =>
            _waiting.Enqueue((now, _last = Math.Max(notBefore + 0.02, _last + (1.0 / answersASecond))));

        /// <summary>By the second in which they began.</summary>
        public LatencyWindow At(double now)
        {
            while (_waiting.TryPeek(out var first) && first.Ended <= now)
                _window.Record(_waiting.Dequeue().Ended - first.Began, first.Began);
            return _window;
        }
    }
}
