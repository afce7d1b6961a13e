namespace Mainstay.Cli.Tests.Logs;

/// <summary>What a piece of work allocates.</summary>
internal static class Allocated
{
    private const int Attempts = 10;

    /// <summary>
    /// Bytes, the least of several attempts: a collection that another test causes meanwhile charges a thread with room that it never used, up to
    /// some kilobytes. What the work itself allocates is in every attempt.
    /// </summary>
    public static long By(Action work)
    {
        var least = long.MaxValue;
        for (var i = 0; i < Attempts && least > 0; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
