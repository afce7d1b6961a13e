using System.Buffers.Text;

namespace Mainstay.Prove.Load.Http1;

/// <summary>
/// Reads one answer after the other, in pieces of any size, and keeps of it only what a load needs to know (RFC 9112). A body is counted, not
/// kept. Not thread-safe.
/// </summary>
internal sealed class AnswerReader(TimeProvider time)
{
    /// <summary>All heads of an answer together (interim ones count), and its trailers.</summary>
    public const int MostHeadBytes = 64 * 1024;

    private const int MostChunkLineBytes = 4 * 1024;

    private readonly LineReader _lines = new();
    private readonly AnswerHead _head = new(time);
    private State _state;
    private bool _isHead;
    private long _left;

    private enum State
    {
        StatusLine,
        Fields,
        Body,
        ToEnd,
        ChunkLine,
        Chunk,
        ChunkEnd,
        Trailers,
        Whole,
    }

    /// <summary>0 until the status line has come.</summary>
    public short Status => (short)_head.Status;

    /// <summary>Seconds; −1 without.</summary>
    public short RetryAfter => _head.RetryAfter;

    /// <summary>The final head is complete.</summary>
    public bool HasHead => _state is not (State.StatusLine or State.Fields);

    /// <summary>After a whole answer: whether the connection can carry another request.</summary>
    public bool KeepsAlive => _state == State.Whole && _head.KeepsAlive;

    /// <summary>Seconds after which the server closes an idle connection; null when it does not say.</summary>
    public int? IdleSeconds => _head.IdleSeconds;

    /// <summary>The next answer begins.</summary>
    /// <param name="isHead">It answers a HEAD: no body, whatever its fields say.</param>
    public void Begin(bool isHead)
    {
        _isHead = isHead;
        _state = State.StatusLine;
        _head.Clear();
        _lines.Begin(MostHeadBytes);
    }

    /// <summary>Reads on; what is left in <paramref name="bytes"/> comes after the answer.</summary>
    public Reading Read(ref ReadOnlySpan<byte> bytes)
    {
        while (true)
        {
            switch (_state)
            {
                case State.Whole:
                    return Reading.Whole;
                case State.ToEnd:
                    bytes = default;
                    return Reading.Goes;
                case State.Body or State.Chunk:
                    var here = (int)Math.Min(_left, bytes.Length);
                    bytes = bytes[here..];
                    _left -= here;
                    if (_left > 0)
                        return Reading.Goes;
                    _state = _state == State.Body ? State.Whole : State.ChunkEnd;
                    break;
                default:
                    if (!_lines.TryTake(ref bytes, out var line))
                        return _lines.IsTooLong || (_state == State.StatusLine && !AnswerHead.MayBegin(_lines.Kept)) ? Reading.Malformed : Reading.Goes;
                    if (!Take(line))
                        return Reading.Malformed;
                    break;
            }
        }
    }

    /// <summary>The server sends no more: some answers end so.</summary>
    public Reading End()
    {
        if (_state != State.ToEnd)
            return Reading.Goes;
        _state = State.Whole;
        return Reading.Whole;
    }

    private bool Take(ReadOnlySpan<byte> line)
    {
        switch (_state)
        {
            case State.StatusLine:
                _state = State.Fields;
                return _head.TakeStatusLine(line);
            case State.Fields when line.IsEmpty:
                return EndHead();
            case State.Fields:
                return _head.TakeField(line);
            case State.ChunkLine:
                return TakeChunkLine(line);
            case State.ChunkEnd:
                Expect(State.ChunkLine, MostChunkLineBytes);
                return line.IsEmpty;
            default: // trailers
                if (line.IsEmpty)
                    _state = State.Whole;
                return true;
        }
    }

    private bool EndHead()
    {
        if (!_head.IsSound)
            return false;
        if (_head.Status < 200)
        {
            // Interim answers pass by; nobody asked for another protocol.
            var interim = _head.Status != 101;
            _head.Clear();
            _state = State.StatusLine;
            return interim;
        }
        _left = Math.Max(0, _head.Length);
        if (_isHead || _head.Status is 204 or 304)
            _state = State.Whole;
        else if (_head.IsChunked)
            Expect(State.ChunkLine, MostChunkLineBytes);
        else
            _state = _head.HasCoding || _head.Length < 0 ? State.ToEnd : State.Body;
        return true;
    }

    /// <summary>A size in hexadecimal; what follows a semicolon or spaces is an extension, and nobody's business here.</summary>
    private bool TakeChunkLine(ReadOnlySpan<byte> line)
    {
        if (!Utf8Parser.TryParse(line, out long size, out var digits, 'x') || size < 0)
            return false;
        var rest = line[digits..].TrimStart(" \t"u8);
        if (!rest.IsEmpty && rest[0] != ';')
            return false;
        _left = size;
        if (size > 0)
            _state = State.Chunk;
        else
            Expect(State.Trailers, MostHeadBytes);
        return true;
    }

    private void Expect(State state, int mostBytes)
    {
        _state = state;
        _lines.Begin(mostBytes);
    }
}
