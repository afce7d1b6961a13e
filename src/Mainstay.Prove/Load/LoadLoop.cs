using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Mainstay.Prove.Load.Scheduling;

namespace Mainstay.Prove.Load;

/// <summary>Sends what is due when it is due, whatever became of earlier requests. Runs on a thread of its own.</summary>
internal sealed class LoadLoop(LoadRecorder recorder, Func<LoadRecorder, IRequestCarrier> connect)
{
    /// <summary>Microseconds between two looks at wishes, patience and idle connections.</summary>
    private const long HouseInterval = 10_000;

    private readonly ConcurrentQueue<LoadWish> _wishes = new();
    private long _endsAt = long.MaxValue;
    private long _cutsAt = long.MaxValue;

    /// <summary>Callable from any thread; granted within 10 ms.</summary>
    public void Wish(LoadWish wish) => _wishes.Enqueue(wish);

    /// <summary>Returns when the load is over and nothing is out any more.</summary>
    // Compiled well at once: it is called once and would be exchanged while it runs, which takes ten milliseconds or more.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run()
    {
        using var carrier = connect(recorder);
        var now = recorder.Now;
        var schedule = new Schedule(recorder.Plan, now);
        if (recorder.Plan.Duration is { } duration)
            EndAt(now + Micros(duration), recorder.Plan.Drain);
        var houseAt = now + HouseInterval;
        while (true)
        {
            var next = now < _endsAt ? Math.Min(houseAt, Math.Min(schedule.DueAt, _endsAt)) : houseAt;
            carrier.Wait(Math.Max(0, next - now));
            now = recorder.Now;
            now = BeginWhatIsDue(schedule, carrier, now);
            if (now < houseAt && now < _endsAt)
                continue;
            carrier.KeepHouse();
            recorder.Roll(now);
            Grant(schedule, now);
            houseAt = now + HouseInterval;
            if (now >= _endsAt && (carrier.Out == 0 || now >= _cutsAt))
                break;
        }
        carrier.Cut();
        recorder.End(recorder.Now);
    }

    private long BeginWhatIsDue(Schedule schedule, IRequestCarrier carrier, long now)
    {
        while (schedule.TryTake(Math.Min(now, _endsAt - 1), out var stream, out var dueAt))
        {
            recorder.Due(dueAt, now);
            carrier.Begin(stream, dueAt, now);
            now = recorder.Now;
        }
        return now;
    }

    private void Grant(Schedule schedule, long now)
    {
        while (_wishes.TryDequeue(out var wish))
        {
            switch (wish)
            {
                case LoadWish.Follow follow:
                    schedule.Follow(follow.Pace, now);
                    break;
                case LoadWish.Rate rate:
                    schedule.Follow(rate.Stream, rate.PerSecond, now);
                    break;
                case LoadWish.Stop stop:
                    EndAt(Math.Min(_endsAt, now), stop.Drain);
                    break;
            }
        }
    }

    private void EndAt(long end, TimeSpan drain) => (_endsAt, _cutsAt) = (end, end + Micros(drain));

    private static long Micros(TimeSpan span) => (long)span.TotalMicroseconds;
}
