using System.Threading.Channels;
using Mainstay.Contracts.Control;
using Mainstay.Supervisor;

namespace Mainstay.Cli.Control;

/// <summary>Progress on its way to a client. A slow client misses lines and is told how many; it never holds up the operation.</summary>
internal sealed class EventProgress : IProgress
{
    private const int Waiting = 4096;

    /// <summary>Characters waiting at most: a build may write long lines, and a client stop reading.</summary>
    private const int WaitingCharacters = 4 << 20;

    private readonly Channel<ControlEvent> _events = Channel.CreateBounded<ControlEvent>(
        new BoundedChannelOptions(Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private long _missed;
    private long _characters;

    public void Say(string message) => Offer(new(Progress: message));

    public void Output(OutputLine line) => Offer(new(Line: line));

    /// <summary>Nothing more will come.</summary>
    public void Complete() => _events.Writer.TryComplete();

    public async IAsyncEnumerable<ControlEvent> ReadAsync()
    {
        await foreach (var next in _events.Reader.ReadAllAsync())
        {
            Interlocked.Add(ref _characters, -LengthOf(next));
            yield return next;
            if (Volatile.Read(ref _missed) > 0 && _events.Reader.Count == 0)
                yield return new(Progress: $"… {Interlocked.Exchange(ref _missed, 0)} lines were dropped here: this client was too slow");
        }
    }

    private void Offer(ControlEvent next)
    {
        if (Interlocked.Read(ref _characters) < WaitingCharacters && _events.Writer.TryWrite(next))
            Interlocked.Add(ref _characters, LengthOf(next));
        else
            Interlocked.Increment(ref _missed);
    }

    private static int LengthOf(ControlEvent next) => next.Line?.Text.Length ?? next.Progress?.Length ?? 0;
}
