using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts.Claims;

namespace Mainstay.Prove.Experiments.Running;

/// <summary>Watches a recovery for as long as it takes to judge it, and no longer.</summary>
internal static class RecoveryWatch
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <param name="recorder">Of the load that goes on.</param>
    /// <param name="kind">What it recovers from: the last happening of this kind.</param>
    /// <param name="seconds">Until when it must have begun; see <see cref="RecoveredWithin"/>.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <returns>False: it was not seen, although watched until it would have been.</returns>
    public static async Task<bool> SeenAsync(Recorder recorder, string kind, double seconds, CancellationToken cancel)
    {
        if (recorder.Seen(happening => happening.Kind == kind) is not [.., var start])
            return false;
        var last = start.At + (long)RecoveredWithin.Watching(seconds).TotalMicroseconds;
        while (!IsSeen(recorder, start.At))
        {
            if (recorder.Now >= last)
                return false;
            await Task.Delay(Look, recorder.Time, cancel);
        }
        return true;
    }

    private static bool IsSeen(Recorder recorder, long start)
    {
        // Younger requests may not have been answered yet.
        var until = recorder.Now - (long)RecoveredWithin.Answers.TotalMicroseconds;
        var streams = recorder.Streams;
        var load = recorder.Samples(start, until).Where(sample => streams[sample.Stream].Role == LoadStream.Roles.Load);
        return RecoveryWindows.After(streams, load, start, until).FirstGood() is not null;
    }
}
