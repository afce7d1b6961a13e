using System.Text;
using Mainstay.Keeper.Platform;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Keeping;

/// <summary>The keeper's few words, on standard error. A terminal that is stalled stalls one thread, and what does not fit any more is dropped.</summary>
internal sealed class Voice(TimeProvider time)
{
    private const int Waiting = 64;

    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(200);

    private readonly Queue<string> _lines = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isEnding;

    public void Start() => new Thread(Run) { IsBackground = true, Name = "voice" }.Start();

    /// <summary>Any thread; never blocks.</summary>
    public void Say(string line)
    {
        lock (_lines)
        {
            if (_lines.Count < Waiting)
                _lines.Enqueue(line);
            Monitor.Pulse(_lines);
        }
    }

    /// <summary>Waits a moment for what has been said.</summary>
    public async Task EndAsync()
    {
        lock (_lines)
        {
            _isEnding = true;
            Monitor.Pulse(_lines);
        }

        await Task.WhenAny(_ended.Task, Task.Delay(LastWords, time));
    }

    private void Run()
    {
        using var error = new SafeFileHandle(2, ownsHandle: false);
        while (Next() is { } line)
            LibC.WriteAll(error, Encoding.UTF8.GetBytes($"mainstay | {line}\n"));
        _ended.SetResult();
    }

    private string? Next()
    {
        lock (_lines)
        {
            while (_lines.Count == 0 && !_isEnding)
                Monitor.Wait(_lines);
            return _lines.TryDequeue(out var line) ? line : null;
        }
    }
}
