using System.Collections.Concurrent;
using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Platform;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Output;

/// <summary>
/// Reads the output of every replica on one thread of its own, so that no replica ever blocks on a full pipe, however busy the rest of
/// this process is. Memory: one read buffer, and at most one unfinished line for each stream.
/// </summary>
internal sealed class OutputPump : IAsyncDisposable
{
    private const int ReadSize = 64 * 1024;

    // What an abandoned stream may still deliver: a full pipe, and no more, as something may go on writing to it for ever.
    private const int AbandonedReads = 16;

    /// <summary>How soon a stream whose target was full is looked at again.</summary>
    private const int FullMilliseconds = 5;

    private readonly ConcurrentQueue<Action> _requests = new();
    private readonly List<OutputStream> _streams = [];
    private readonly byte[] _buffer = new byte[ReadSize];
    private readonly SafeFileHandle _wakeRead;
    private readonly SafeFileHandle _wakeWrite;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _awake;
    private bool _stopping;

    public OutputPump()
    {
        if (!LibC.TryPipe(out _wakeRead, out _wakeWrite, out var error))
            throw new LaunchException($"cannot read the output of processes: {LibC.Describe(error)}");
        new Thread(Run) { IsBackground = true, Name = "mainstay output" }.Start();
    }

    public void Add(OutputStream stream) => Request(() => _streams.Add(stream));

    /// <summary>Takes what is there now, then closes the stream although something still holds its other end.</summary>
    public void Abandon(OutputStream stream) => Request(() =>
    {
        if (!_streams.Remove(stream))
            return;
        for (var i = 0; i < AbandonedReads && HasBytes(stream) && stream.ReadOnce(_buffer); i++)
        {
        }

        stream.Close();
    });

    /// <summary>Closes what is still open and ends the thread.</summary>
    public async ValueTask DisposeAsync()
    {
        Request(() => _stopping = true);
        await _ended.Task;
    }

    private void Request(Action request)
    {
        _requests.Enqueue(request);
        if (Interlocked.Exchange(ref _awake, 1) == 0)
            LibC.TryWriteWhole(_wakeWrite, "!"u8);
    }

    private unsafe void Run()
    {
        var entries = new LibC.PollEntry[16];
        while (!_stopping)
        {
            if (entries.Length < _streams.Count + 1)
                Array.Resize(ref entries, _streams.Count * 2);
            var full = false;
            entries[0] = new LibC.PollEntry { Descriptor = LibC.Descriptor(_wakeRead), Events = LibC.PollIn };
            for (var i = 0; i < _streams.Count; i++)
            {
                // A negative descriptor is passed over: one whose other end was closed would be reported again and again.
                var hasRoom = _streams[i].HasRoom;
                full |= !hasRoom;
                entries[i + 1] = new LibC.PollEntry { Descriptor = hasRoom ? _streams[i].Descriptor : -1, Events = LibC.PollIn };
            }

            fixed (LibC.PollEntry* first = entries)
            {
                if (LibC.Poll(first, (nuint)_streams.Count + 1, full ? FullMilliseconds : -1) <= 0)
                    continue;
            }

            // Backwards, as a stream at its end leaves the list. One read each: a flood from one does not starve the others.
            for (var i = _streams.Count - 1; i >= 0; i--)
            {
                if (entries[i + 1].Found == 0 || _streams[i].ReadOnce(_buffer))
                    continue;
                _streams[i].Close();
                _streams.RemoveAt(i);
            }

            if (entries[0].Found != 0)
                ServeRequests();
        }

        foreach (var stream in _streams)
            stream.Close();
        _ended.SetResult();
    }

    private unsafe void ServeRequests()
    {
        fixed (byte* first = _buffer)
            _ = LibC.Read(LibC.Descriptor(_wakeRead), first, ReadSize);
        // Cleared before the queue is emptied: whoever comes later wakes us again.
        Volatile.Write(ref _awake, 0);
        Interlocked.MemoryBarrier();
        while (_requests.TryDequeue(out var request))
            request();
    }

    private static unsafe bool HasBytes(OutputStream stream)
    {
        var entry = new LibC.PollEntry { Descriptor = stream.Descriptor, Events = LibC.PollIn };
        return LibC.Poll(&entry, 1, 0) == 1;
    }
}
