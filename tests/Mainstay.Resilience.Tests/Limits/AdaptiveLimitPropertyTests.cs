using FsCheck.Xunit;
using Mainstay.Resilience.Limits;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.Limits;

/// <summary>Whatever is told to a limit, in whatever order, it stays a limit.</summary>
[Properties(Replay = Seed.OfProperties, MaxTest = 300, EndSize = 500)]
public sealed class AdaptiveLimitPropertyTests
{
    /// <param name="Kind">Requests wait, are given up, or are just completed.</param>
    /// <param name="Completed">Requests since the step before.</param>
    /// <param name="Latency">Of each.</param>
    /// <param name="Wait">Time since the step before.</param>
    /// <param name="Slowest">Of those that wait.</param>
    /// <param name="InFlight">Share of the limit that is at work.</param>
    public sealed record Step(byte Kind, byte Completed, byte Latency, byte Wait, byte Slowest, byte InFlight);

    [Property]
    public bool Stays_between_one_and_the_highest(byte initial, byte more, Step[] steps)
    {
        var policy = new LimitPolicy(Initial: 1 + initial, Highest: 1 + initial + (more * 8));
        var limit = new AdaptiveLimit(policy);
        double now = 5;
        foreach (var step in steps)
        {
            // From nothing at all to the gaps of a night.
            now += step.Wait < 4 ? step.Wait * 20 : step.Wait / 255.0 * 0.3;
            for (var i = 0; i < step.Completed; i++)
            {
                if (step.Kind % 8 == 7)
                    limit.GiveUp();
                else
                    limit.Complete(1, Math.Pow(10, (step.Latency / 50.0) - 4));
            }
            var waits = step.Kind % 4 != 0;
            limit.Pass(waits ? limit.Current : limit.Current * step.InFlight / 255, waits, step.Slowest == 0 ? double.PositiveInfinity : step.Slowest * 0.01, now);
            if (limit.Current < 1 || limit.Current > policy.Highest || limit.AtRest < 1 || limit.AtRest > policy.Highest)
                return false;
            if (limit.LastChange.To != limit.AtRest)
                return false;
        }
        return true;
    }

    [Property]
    public bool Rests_while_nobody_waits_and_there_is_room(Step[] steps)
    {
        var limit = new AdaptiveLimit();
        double now = 5;
        foreach (var step in steps)
        {
            now += step.Wait / 255.0 * 0.3;
            for (var i = 0; i < step.Completed; i++)
                limit.Complete(1, Math.Pow(10, (step.Latency / 50.0) - 4));
            limit.Pass((limit.Current - 1) * step.InFlight / 255, waits: false, 0, now);
            if (limit.Current != new LimitPolicy().Initial)
                return false;
        }
        return true;
    }
}
