using System.Threading.Channels;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Logs;

/// <summary>One reader of lines as they come. A slow one misses lines and is told how many; it never holds up the writer.</summary>
internal sealed class LogFollower(IReadOnlyCollection<string>? services, Action<LogFollower> leave) : IDisposable
{
    internal const int Waiting = 4096;

    /// <summary>Characters waiting at most: a reader who has stopped reading must not keep 4096 lines of 64 KiB alive.</summary>
    internal const int WaitingCharacters = 4 << 20;

    private readonly Channel<OutputLine> _lines = Channel.CreateBounded<OutputLine>(
        new BoundedChannelOptions(Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private long _missed;
    private long _characters;
    private int _readSinceMissing;

    public void Offer(string service, OutputLine line)
    {
        if (services is { Count: > 0 } && !services.Contains(service))
            return;
        if (Interlocked.Read(ref _characters) < WaitingCharacters && _lines.Writer.TryWrite(line))
            Interlocked.Add(ref _characters, line.Text.Length);
        else
            Interlocked.Increment(ref _missed);
    }

    /// <summary>The next line, or null with the number of lines that were missed before the one after.</summary>
    public async ValueTask<(OutputLine? Line, long Missed)> NextAsync(CancellationToken cancel)
    {
        // What waits in the channel is older than what was missed: it comes first.
        if (Interlocked.Read(ref _missed) > 0 && (_lines.Reader.Count == 0 || ++_readSinceMissing >= Waiting))
        {
            _readSinceMissing = 0;
            return (null, Interlocked.Exchange(ref _missed, 0));
        }
        var next = await _lines.Reader.ReadAsync(cancel);
        Interlocked.Add(ref _characters, -next.Text.Length);
        return (next, 0);
    }

    public void Dispose() => leave(this);
}
