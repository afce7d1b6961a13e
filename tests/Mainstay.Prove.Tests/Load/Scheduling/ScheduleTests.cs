using Mainstay.Prove.Load;
using Mainstay.Prove.Load.Scheduling;

namespace Mainstay.Prove.Tests.Load.Scheduling;

public sealed class ScheduleTests
{
    [Fact]
    public void A_single_stream_is_exactly_even()
    {
        var due = Take(new Schedule(Plan(100, new StreamSpec("GET", "/")), 0), 1_000_000);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (0, (i * 10_000L) + 5_000)), due.Select(d => (d.Stream, (d.At + 1) / 10 * 10)));
    }

    [Fact]
    public void Several_streams_send_once_in_each_of_their_intervals_and_not_in_step()
    {
        var due = Take(new Schedule(Plan(100, new("GET", "/a") { Weight = 3 }, new("GET", "/b"), new("GET", "/c") { Weight = 0 }), 0), 10_000_000);
        Assert.Equal((750, 250, 0), (due.Count(d => d.Stream == 0), due.Count(d => d.Stream == 1), due.Count(d => d.Stream == 2)));
        var b = due.Where(d => d.Stream == 1).Select(d => d.At).ToList();
        Assert.All(b.Index(), d => Assert.Equal(d.Index, d.Item / 40_000));
        Assert.True(b.Select(at => at % 40_000 / 4_000).Distinct().Count() == 10);
        Assert.Equal(due.Select(d => d.At).Order(), due.Select(d => d.At));
    }

    [Fact]
    public void The_same_seed_sends_at_the_same_moments_and_another_one_does_not()
    {
        var plan = Plan(100, new("GET", "/a"), new("GET", "/b")) with { Arrivals = Arrivals.Poisson };
        var first = Take(new Schedule(plan, 0), 1_000_000);
        Assert.Equal(first, Take(new Schedule(plan, 0), 1_000_000));
        Assert.NotEqual(first, Take(new Schedule(plan with { Seed = 2 }, 0), 1_000_000));
    }

    [Fact]
    public void Poisson_arrivals_have_the_rate_and_the_spread_of_chance()
    {
        var due = Take(new Schedule(Plan(1000, new StreamSpec("GET", "/")) with { Arrivals = Arrivals.Poisson }, 0), 100_000_000);
        Assert.InRange(due.Count, 99_000, 101_000);
        var gaps = due.Zip(due.Skip(1), (a, b) => (b.At - a.At) / 1000d).ToList();
        // Exponential: as spread out as it is long.
        Assert.InRange(gaps.Sum(gap => (gap - 1) * (gap - 1)) / gaps.Count, 0.95, 1.05);
    }

    [Fact]
    public void Another_rate_holds_at_once_and_forgets_nothing_saved_up()
    {
        var schedule = new Schedule(Plan(1, new StreamSpec("GET", "/")), 0);
        Assert.Equal(500_000, schedule.DueAt);
        schedule.Follow(Pace.Constant(1000), 250_000);
        Assert.Equal(250_250, schedule.DueAt);
        Assert.Equal(1000, Take(schedule, 1_250_000).Count);
        schedule.Follow(Pace.Constant(0), 1_250_000);
        Assert.Equal(long.MaxValue, schedule.DueAt);
        schedule.Follow(Pace.Constant(10), 2_000_000);
        Assert.InRange(schedule.DueAt, 2_000_000, 2_100_000);
    }

    [Fact]
    public void A_stream_with_a_rate_of_its_own_leaves_the_others_as_they_are()
    {
        var schedule = new Schedule(Plan(100, new("GET", "/a"), new("GET", "/flood") { Weight = 0 }), 0);
        schedule.Follow(1, 900, 0);
        var due = Take(schedule, 1_000_000);
        Assert.Equal((100, 900), (due.Count(d => d.Stream == 0), due.Count(d => d.Stream == 1)));
        schedule.Follow(Pace.Constant(200), 1_000_000);
        due = Take(schedule, 2_000_000);
        Assert.Equal((200, 900), (due.Count(d => d.Stream == 0), due.Count(d => d.Stream == 1)));
    }

    [Fact]
    public void Taking_what_is_due_allocates_nothing()
    {
        var schedule = new Schedule(Plan(10_000, new("GET", "/a"), new("GET", "/b")) with { Pace = Pace.Bursts(1000, 100_000, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.1)) }, 0);
        Drain(schedule, 2_000_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Drain(schedule, 4_000_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static LoadPlan Plan(double perSecond, params StreamSpec[] streams) => new(LoadTarget.Port(1), [.. streams], Pace.Constant(perSecond));

    private static List<(int Stream, long At)> Take(Schedule schedule, long until)
    {
        var due = new List<(int, long)>();
        while (schedule.TryTake(until, out var stream, out var at))
            due.Add((stream, at));
        return due;
    }

    private static void Drain(Schedule schedule, long until)
    {
        while (schedule.TryTake(until, out _, out _))
        {
            // Only the taking matters.
        }
    }
}
