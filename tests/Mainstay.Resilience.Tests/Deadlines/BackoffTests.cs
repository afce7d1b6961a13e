using FsCheck.Xunit;
using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Deadlines;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.Deadlines;

[Properties(Replay = Seed.OfProperties)]
public sealed class BackoffTests
{
    [Property]
    public bool Stays_between_the_shortest_and_three_times_the_previous(long seed)
    {
        var backoff = new Backoff(TimeSpan.FromMilliseconds(25), TimeSpan.FromSeconds(1));
        var dice = new Dice(seed);
        var previous = TimeSpan.Zero;
        for (var i = 0; i < 20; i++)
        {
            var next = backoff.Next(previous, dice);
            var upper = Math.Max(25, previous.TotalMilliseconds) * 3;
            if (next < TimeSpan.FromMilliseconds(25) || next > TimeSpan.FromSeconds(1) || next.TotalMilliseconds > upper + 1e-3)
                return false;
            previous = next;
        }
        return true;
    }
}
