using System.Threading.Channels;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Logs;

/// <summary>One reader of lines as they come. A slow one misses lines and is told how many; it never holds up the writer.</summary>
internal sealed class LogFollower(IReadOnlyCollection<string>? services, Action<LogFollower> leave) : IDisposable
{
    internal const int Waiting = 4096;

    private readonly Channel<OutputLine> _lines = Channel.CreateBounded<OutputLine>(
        new BoundedChannelOptions(Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private long _missed;
    private int _readSinceMissing;

    public void Offer(string service, OutputLine line)
    {
        if (services is { Count: > 0 } && !services.Contains(service))
            return;
        if (!_lines.Writer.TryWrite(line))
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
        return (await _lines.Reader.ReadAsync(cancel), 0);
    }

    public void Dispose() => leave(this);
}
