using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

/// <summary>Pauses of one length. The base library's timers count in milliseconds, which two kinds of load would meet in two ways.</summary>
internal sealed class ExactPauses
{
    private readonly BlockingCollection<(long Due, TaskCompletionSource Over)> _pauses = [];
    private readonly long _ticks;

    public ExactPauses(TimeSpan length)
    {
        _ticks = (long)(length.TotalSeconds * Stopwatch.Frequency);
        new Thread(Run) { IsBackground = true }.Start();
    }

    public Task PauseAsync()
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _pauses.Add((Stopwatch.GetTimestamp() + _ticks, over));
        return over.Task;
    }

    private void Run()
    {
        foreach (var (due, over) in _pauses.GetConsumingEnumerable())
        {
            var left = (due - Stopwatch.GetTimestamp()) * 1_000_000_000 / Stopwatch.Frequency;
            if (left > 0)
            {
                var time = new TimeSpec { Nanoseconds = (nint)left };
                _ = Sleep(ref time, 0);
            }
            over.SetResult();
        }
    }

    [DllImport("libc", EntryPoint = "nanosleep")]
    private static extern int Sleep(ref TimeSpec time, nint remaining);

    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }
}
