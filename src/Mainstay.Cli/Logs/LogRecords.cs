using System.Buffers.Binary;
using System.Text;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Logs;

/// <summary>Turns copied records back into lines.</summary>
/// <param name="since">Lines before are passed over.</param>
internal sealed class LogRecords(DateTimeOffset? since)
{
    // A service has few sources and many lines: each name is one string.
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _sources =
        new HashSet<string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    private readonly long _since = since?.UtcTicks ?? 0;
    private readonly List<OutputLine> _lines = [];

    /// <summary>The lines in order of time, those of the same moment in the order they came in.</summary>
    public IEnumerable<OutputLine> InOrder => _lines.OrderBy(line => line.At);

    public void Add(ReadOnlySpan<byte> records)
    {
        while (records.Length >= LogRecord.HeadSize)
        {
            var size = LogRecord.SizeOf(BinaryPrimitives.ReadInt64LittleEndian(records));
            if (size == 0 || size > records.Length)
                return;
            var record = records[..(int)size];
            if (LogRecord.TicksOf(record) >= _since)
                _lines.Add(Line(record));
            records = records[(int)size..];
        }
    }

    private OutputLine Line(ReadOnlySpan<byte> record) => new(
        Source(LogRecord.SourceOf(record)),
        new DateTimeOffset(LogRecord.TicksOf(record), TimeSpan.Zero),
        Encoding.UTF8.GetString(LogRecord.TextOf(record)),
        LogRecord.IsErrorOf(record));

    private string Source(ReadOnlySpan<byte> bytes)
    {
        Span<char> characters = stackalloc char[LogRecord.MostSourceBytes];
        var name = characters[..Encoding.UTF8.GetChars(bytes, characters)];
        if (_sources.TryGetValue(name, out var known))
            return known;
        _sources.Add(name);
        return _sources.TryGetValue(name, out known) ? known : name.ToString();
    }
}
