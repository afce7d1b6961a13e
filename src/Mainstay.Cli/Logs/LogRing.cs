using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Logs;

/// <summary>The newest output of one service, bounded in bytes. Not thread-safe: <see cref="LogMemory"/>'s lock covers it.</summary>
/// <param name="capacity">Bytes of memory, the lines' own overhead included.</param>
internal sealed class LogRing(long capacity)
{
    /// <summary>What a line costs beside its text: the record, the string's head, its place in the queue.</summary>
    private const int Overhead = 96;

    private readonly Queue<OutputLine> _lines = new();

    public long Bytes { get; private set; }

    public void Add(OutputLine line)
    {
        _lines.Enqueue(line);
        Bytes += Cost(line);
        while (Bytes > capacity && _lines.Count > 1)
            Bytes -= Cost(_lines.Dequeue());
    }

    public IEnumerable<OutputLine> Since(DateTimeOffset? since) => since is { } start ? _lines.Where(line => line.At >= start) : _lines;

    private static long Cost(OutputLine line) => Overhead + ((long)line.Text.Length * sizeof(char));
}
