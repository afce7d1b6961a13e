using FsCheck.Xunit;
using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.Simulations;

/// <summary>Replicas come, go and fail in any order.</summary>
[Properties(Replay = Seed.OfProperties, MaxTest = 100, EndSize = 200)]
public sealed class FleetPropertyTests
{
    /// <param name="Kind">What happens to a replica.</param>
    /// <param name="Who">To which.</param>
    /// <param name="Requests">That come after it.</param>
    public sealed record Step(byte Kind, byte Who, byte Requests);

    [Property]
    public bool At_least_half_of_those_that_serve_are_used_and_every_request_is_answered(byte replicas, Step[] steps)
    {
        var time = new VirtualTime();
        var dice = new Dice(replicas);
        var fleet = new SimulatedFleet(time, dice, [.. Enumerable.Range(0, 1 + (replicas % 6)).Select(_ => new SimulatedReplica(time, dice, NewService(time)))]);
        int asked = 0, answered = 0;
        double now = 0;
        foreach (var step in steps)
        {
            Happen(fleet.Replicas[step.Who % fleet.Replicas.Length], step.Kind, time);
            for (var i = 0; i < step.Requests % 32; i++)
            {
                asked++;
                fleet.Take(_ => answered++);
            }
            now += step.Kind < 16 ? 20 : 0.1;
            time.RunUntil(now);
            var serving = fleet.Replicas.Count(replica => replica.IsServing);
            if (fleet.Usable * 2 < serving || (serving > 0 && fleet.Usable == 0))
                return false;
        }
        time.RunUntil(now + 60);
        return asked == answered && fleet.Replicas.All(replica => replica.InFlight == 0);
    }

    private static void Happen(SimulatedReplica replica, byte kind, VirtualTime time)
    {
        switch (kind % 8)
        {
            case 0 or 1:
                replica.Crash(isKnown: kind % 8 == 0);
                break;
            case 2 or 3:
                replica.Return(NewService(time), isKnown: kind % 8 == 2);
                break;
            case 4 or 5:
                replica.FailingShare = kind / 256.0;
                break;
            case 6:
                replica.FailingShare = 0;
                break;
        }
    }

    private static SimulatedService NewService(VirtualTime time) => new(time, 4, SimulatedService.Always(0.02));
}
