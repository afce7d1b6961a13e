using Mainstay.Cli.Control;
using Mainstay.Cli.State;

namespace Mainstay.Cli.Composition;

/// <summary>One Mainstay for each folder.</summary>
internal static class OnlyOne
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>A `stop` or `status` that looks at the lock, and a process in its last moments, let go within this time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Keeps the lock from being collected, and so released, before the process ends.</summary>
    private static RunLock? _held;

    public static async Task<RunLock> TakeAsync(Place place, TimeProvider time)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (RunLock.TryTake(place.StateDirectory) is { } taken)
                return _held = taken;
            if (await ControlClient.GreetAsync(place, TimeSpan.FromSeconds(2), time) is { } hello)
            {
                var where = hello.Listen.Count > 0 ? $", serving {string.Join(" and ", hello.Listen)}" : ", starting";
                throw CommandFailure.Failed(
                    $"{hello.Name} is running already: process {hello.Pid}{where} (from {hello.Manifest ?? place.Directory}); 'mainstay deploy' brings changes, 'mainstay stop' ends it");
            }
            if (time.GetElapsedTime(start) > Patience)
            {
                throw CommandFailure.Failed(
                    $"another Mainstay holds {place.StateDirectory} but does not answer: process {RunLock.Holder(place.StateDirectory)}; if it hangs, end it with: kill -KILL {RunLock.Holder(place.StateDirectory)}");
            }
            await Task.Delay(Poll, time);
        }
    }
}
