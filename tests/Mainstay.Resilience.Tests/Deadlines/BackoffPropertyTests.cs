using FsCheck.Xunit;
using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Deadlines;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.Deadlines;

[Properties(Replay = Seed.OfProperties, MaxTest = 300)]
public sealed class BackoffPropertyTests
{
    [Property]
    public bool Stays_within_its_bounds_whatever_they_are(ushort shortest, ushort more, ushort previous, long seed)
    {
        var least = TimeSpan.FromMilliseconds(shortest);
        var most = least + TimeSpan.FromMilliseconds(more);
        var next = new Backoff(least, most).Next(TimeSpan.FromMilliseconds(previous), new Dice(seed));
        return next >= least && next <= most;
    }
}
