using System.Collections.Concurrent;
using Mainstay.Contracts.Keeping;
using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Output;
using Mainstay.Keeper.Platform;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Client;

/// <summary>
/// Reads the output of every process, as the keeper has it, on one thread of its own, which begins with the first of them: the doorbell is
/// everybody's, and a core that only stands by must not hear what is meant for another.
/// </summary>
internal sealed class OutputReader(SafeFileHandle doorbell, TimeProvider time, Action<string> warn) : IOutputReceipts
{
    /// <summary>A terminal may take a while for the last lines of a replica.</summary>
    private static readonly TimeSpan TakingPatience = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<Action> _requests = new();
    private readonly ConcurrentDictionary<long, RingReader> _readers = new();
    private readonly List<Stream> _streams = [];
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly Lock _starting = new();
    private TaskCompletionSource? _running;
    private bool _stopping;

    /// <param name="process">The keeper's number of the process.</param>
    /// <param name="name">That lines carry.</param>
    /// <param name="files">Standard output and error; owned from here on.</param>
    /// <param name="sink">Takes the lines.</param>
    public void Add(int process, string name, SafeFileHandle[] files, IOutputSink sink)
    {
        Request(() =>
        {
            for (var i = 0; i < files.Length; i++)
            {
                var (number, reader) = ((2L * process) + i, new RingReader(files[i]));
                _readers[number] = reader;
                _streams.Add(new(process, reader, new(name, isError: i == 1, sink, number, reader.Position, warn)));
            }
        });
        EnsureRunning();
    }

    /// <summary>Reads what is left of an ended process; completes then.</summary>
    public Task EndAsync(int process)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Request(() =>
        {
            foreach (var stream in _streams.Where(stream => stream.Process == process).ToList())
            {
                while (ReadOnce(stream))
                {
                }

                stream.Lines.Flush(time.GetUtcNow());
                _streams.Remove(stream);
            }

            done.SetResult();
        });
        return done.Task;
    }

    /// <summary>Completes when all that was read of an ended process has been taken, or nobody seems to take it.</summary>
    public async Task TakenAsync(int process)
    {
        var readers = new[] { 2L * process, (2L * process) + 1 }.Select(_readers.GetValueOrDefault).OfType<RingReader>();
        await Task.WhenAny(Task.WhenAll(readers.Select(reader => reader.AllTaken())), Task.Delay(TakingPatience, time));
    }

    /// <summary>The process is forgotten: nothing of it can be read again.</summary>
    public void Forget(int process)
    {
        for (var i = 0; i < 2; i++)
        {
            if (_readers.TryRemove((2L * process) + i, out var reader))
                reader.Dispose();
        }
    }

    public void Taken(LinePosition position)
    {
        if (_readers.TryGetValue(position.Stream, out var reader))
            reader.Taken(position.End);
    }

    /// <summary>Reads nothing more, until something is added again; what was not taken is left to whoever comes.</summary>
    public async Task PauseAsync()
    {
        Task running;
        lock (_starting)
            running = _running?.Task ?? Task.CompletedTask;
        if (!running.IsCompleted)
            Request(() => _stopping = true);
        await running;
    }

    private void EnsureRunning()
    {
        lock (_starting)
        {
            if (_running is { Task.IsCompleted: false })
                return;
            var running = _running = new(TaskCreationOptions.RunContinuationsAsynchronously);
            _stopping = false;
            new Thread(() => Run(running)) { IsBackground = true, Name = "mainstay output" }.Start();
        }
    }

    private void Request(Action request)
    {
        _requests.Enqueue(request);
        Linux.Ring(doorbell);
    }

    private void Run(TaskCompletionSource running)
    {
        while (!_stopping)
        {
            Linux.Await(doorbell);
            bool any;
            do
            {
                while (!_stopping && _requests.TryDequeue(out var request))
                    request();
                any = false;
                // One read each: a flood from one does not starve the others.
                for (var i = 0; i < _streams.Count && !_stopping; i++)
                    any |= ReadOnce(_streams[i]);
            }
            while (any && !_stopping);
        }

        _streams.Clear();
        running.SetResult();
    }

    private bool ReadOnce(Stream stream)
    {
        try
        {
            var count = stream.Reader.Read(_buffer, out var at, out var gap);
            if (gap > 0)
                stream.Lines.Skip(stream.Reader.Position - count, at);
            stream.Lines.Feed(_buffer.AsSpan(0, count), at);
            return count > 0 || gap > 0;
        }
        catch (Exception failed) when (failed is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    private sealed record Stream(int Process, RingReader Reader, OutputLines Lines);
}
