using Mainstay.Cli.Control;
using Mainstay.Cli.Keeping;
using Mainstay.Cli.State;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Cli.Composition;

/// <summary>One Mainstay for each folder.</summary>
internal static class OnlyOne
{
    private const string LockKey = "lock";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    /// <summary>A `stop` or `status` that looks at the lock, and a process in its last moments, let go within this time.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>Keeps the lock from being collected, and so released, before the process ends.</summary>
    private static RunLock? _held;

    /// <summary>Never closed by us, so that it is not let go of while others hold it.</summary>
    private static SafeFileHandle? _kept;

    /// <summary>A lock that an earlier core took is held by what keeps its descriptor, and is ours.</summary>
    public static async Task TakeAsync(Place place, IBacking backing, TimeProvider time)
    {
        if (backing.Descriptors.Take(LockKey) is { } kept)
        {
            _kept = new(kept, ownsHandle: true);
            return;
        }

        var start = time.GetTimestamp();
        while (true)
        {
            if (RunLock.TryTake(place.StateDirectory, backing.Pid) is { } taken)
            {
                _held = taken;
                backing.Descriptors.Hold(LockKey, taken.Descriptor);
                return;
            }

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
