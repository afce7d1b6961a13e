using System.Text;
using Mainstay.Contracts.Keeping;

namespace Mainstay.Cli.Terminal;

/// <summary>
/// For a long-running <c>up</c>: a bounded queue and one thread that writes. A stalled terminal stalls only that thread: lines that do not
/// fit any more are dropped and counted, and the count is told once the terminal takes lines again. A closed one swallows everything.
/// </summary>
internal sealed class QueuedTerminal : ITerminal
{
    /// <summary>Lines waiting at most; replica output leaves the last tenth to our own words.</summary>
    internal const int MaxLines = 4096;

    /// <summary>Characters waiting at most.</summary>
    internal const int MaxCharacters = 2 << 20;

    private const int BatchBytes = 32 << 10;

    private readonly IByteSink _output;
    private readonly IByteSink _error;
    private readonly object _gate = new();
    private readonly Queue<(bool Error, string Text, LinePosition Position)> _queue = new();
    private readonly Dictionary<long, long> _batchEnds = [];
    private TaskCompletionSource? _drained;
    private int _characters;
    private long _dropped;
    private bool _writing;

    public QueuedTerminal(IByteSink output, IByteSink error, Style outStyle, Style errorStyle)
    {
        (_output, _error, OutStyle, ErrorStyle) = (output, error, outStyle, errorStyle);
        new Thread(WriteForever) { IsBackground = true, Name = "terminal" }.Start();
    }

    public Style OutStyle { get; }

    public Style ErrorStyle { get; }

    public static QueuedTerminal ForThisProcess() => new(
        new StandardStream(1),
        new StandardStream(2),
        Style.For(Console.IsOutputRedirected, Environment.GetEnvironmentVariable),
        Style.For(Console.IsErrorRedirected, Environment.GetEnvironmentVariable));

    /// <summary>Told how far the output of replicas has been written (or dropped, for a terminal that was too slow). From the writing thread.</summary>
    public Action<LinePosition>? Shown { get; set; }

    public bool Out(string line) => Enqueue(false, line, default, MaxLines);

    public bool Error(string line) => Enqueue(true, line, default, MaxLines);

    /// <summary>A line of replica output: the first to be dropped.</summary>
    /// <param name="line">As it is shown.</param>
    /// <param name="position">For <see cref="Shown"/>.</param>
    public bool Chatter(string line, LinePosition position) => Enqueue(false, line, position, MaxLines - (MaxLines / 10));

    /// <summary>Waits until everything queued is written, or until <paramref name="limit"/>: a stalled terminal keeps nobody from leaving.</summary>
    public async Task FlushAsync(TimeSpan limit, TimeProvider time)
    {
        Task drained;
        lock (_gate)
        {
            if (_queue.Count == 0 && !_writing)
                return;
            _drained ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            drained = _drained.Task;
        }
        try
        {
            await drained.WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            // Whatever the terminal did not take in time is lost with it.
        }
    }

    private bool Enqueue(bool error, string line, LinePosition position, int limit)
    {
        lock (_gate)
        {
            if (_queue.Count >= limit || (_queue.Count > 0 && _characters + line.Length > MaxCharacters))
            {
                _dropped++;
                return true;
            }
            _queue.Enqueue((error, line, position));
            _characters += line.Length;
            Monitor.Pulse(_gate);
        }
        return true;
    }

    private void WriteForever()
    {
        var batch = new MemoryStream();
        while (true)
        {
            var error = TakeBatch(batch);
            (error ? _error : _output).Write(batch.GetBuffer().AsSpan(0, (int)batch.Length));
            foreach (var (stream, end) in _batchEnds)
                Shown?.Invoke(new(stream, end));
            _batchEnds.Clear();
        }
    }

    /// <summary>Waits for lines and takes as many as belong to one stream. Returns whether that is standard error.</summary>
    private bool TakeBatch(MemoryStream batch)
    {
        batch.SetLength(0);
        lock (_gate)
        {
            _writing = false;
            while (_queue.Count == 0 && _dropped == 0)
            {
                _drained?.TrySetResult();
                _drained = null;
                Monitor.Wait(_gate);
            }
            _writing = true;
            if (_queue.Count == 0)
            {
                Append(batch, OutStyle.Warn($"… {_dropped} lines were dropped here: the terminal was too slow"));
                _dropped = 0;
                return false;
            }
            var stream = _queue.Peek().Error;
            while (batch.Length < BatchBytes && _queue.TryPeek(out var next) && next.Error == stream)
            {
                Append(batch, next.Text);
                if (next.Position.IsKnown)
                    _batchEnds[next.Position.Stream] = next.Position.End;
                _characters -= next.Text.Length;
                _queue.Dequeue();
            }
            return stream;
        }
    }

    private static void Append(MemoryStream batch, string line)
    {
        batch.Write(Encoding.UTF8.GetBytes(line));
        batch.WriteByte((byte)'\n');
    }
}
