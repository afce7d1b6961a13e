using System.Globalization;
using System.Text;

namespace Mainstay.Prove.Faults.Proxy.Http;

/// <summary>What a stretch of bytes is.</summary>
internal enum Stretch
{
    /// <summary>Of a body, or of something that is no HTTP/1.</summary>
    Body,

    /// <summary>Of a head that is not whole yet.</summary>
    Head,

    /// <summary>The last of a head.</summary>
    HeadEnd,
}

/// <summary>
/// Finds the requests in what a client sends, piece by piece, as it comes. What it does not understand (TLS, HTTP/2, another protocol, a head above
/// 32 KiB) it calls a body from there on. It is no judge of what is correct.
/// </summary>
internal sealed class RequestScanner
{
    public const int MostHeadBytes = 32 * 1024;
    private const int MostLineBytes = 256;

    private readonly List<byte> _head = [];
    private readonly List<byte> _line = [];
    private State _state = State.Head;
    private long _left;

    private enum State
    {
        Head,
        Body,
        ChunkSize,
        Chunk,
        ChunkEnd,
        Trailers,
        Opaque,
    }

    /// <summary>False once it has given up: all the rest is a body.</summary>
    public bool IsHttp => _state != State.Opaque;

    /// <summary>The bytes of the head that is under way, or that has just ended or been given up.</summary>
    public ReadOnlySpan<byte> Head => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_head);

    /// <summary>Takes bytes up to the next change from head to body or back, at least one.</summary>
    /// <param name="bytes">Not empty.</param>
    /// <param name="request">With <see cref="Stretch.HeadEnd"/>: the request; null when it was none.</param>
    public (int Count, Stretch Kind) Scan(ReadOnlySpan<byte> bytes, out SeenRequest? request)
    {
        request = null;
        switch (_state)
        {
            case State.Head:
                return ScanHead(bytes, out request);
            case State.Body or State.Chunk:
                var count = (int)Math.Min(_left, bytes.Length);
                _left -= count;
                if (_left == 0)
                    _state = _state == State.Body ? Begin() : State.ChunkEnd;
                return (count, Stretch.Body);
            case State.Opaque:
                return (bytes.Length, Stretch.Body);
            default:
                return (ScanLine(bytes), Stretch.Body);
        }
    }

    private State Begin()
    {
        _head.Clear();
        return State.Head;
    }

    private (int Count, Stretch Kind) ScanHead(ReadOnlySpan<byte> bytes, out SeenRequest? request)
    {
        request = null;
        if (_head.Count > 0 && EndsHead())
            _head.Clear();
        var before = _head.Count;
        for (var i = 0; i < bytes.Length; i++)
        {
            _head.Add(bytes[i]);
            if (bytes[i] == '\n' && EndsHead())
            {
                if (_head.Count <= 2)
                {
                    // Empty lines before a request mean nothing.
                    _head.Clear();
                    continue;
                }
                return (i + 1, TakeHead(out request));
            }
        }
        // No method has such a first byte: do not collect 32 KiB of something else first.
        if (_head.Count > MostHeadBytes || (before == 0 && _head.Count > 0 && !IsToken(_head[0])))
        {
            _state = State.Opaque;
            return (bytes.Length, Stretch.Body);
        }
        return (bytes.Length, Stretch.Head);
    }

    private Stretch TakeHead(out SeenRequest? request)
    {
        var parsed = RequestHead.Parse(Head);
        request = parsed?.Request;
        _left = parsed?.Length ?? 0;
        _state = parsed is null || parsed.LeavesHttp ? State.Opaque
            : _left < 0 ? State.ChunkSize
            : _left == 0 ? State.Head
            : State.Body;
        return Stretch.HeadEnd;
    }

    /// <summary>Whether what has come of the head is all of it: an empty line.</summary>
    private bool EndsHead()
    {
        var end = _head.Count;
        return _head[end - 1] == '\n'
            && (end < 2 || _head[end - 2] == '\n' || (_head[end - 2] == '\r' && (end == 2 || _head[end - 3] == '\n')));
    }

    /// <summary>The lines between the parts of a chunked body.</summary>
    private int ScanLine(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != '\n')
            {
                _line.Add(bytes[i]);
                if (_line.Count > MostLineBytes && _state != State.Trailers)
                {
                    _state = State.Opaque;
                    return bytes.Length;
                }
                continue;
            }
            TakeLine();
            _line.Clear();
            return i + 1;
        }
        return bytes.Length;
    }

    private void TakeLine()
    {
        var line = Encoding.Latin1.GetString([.. _line]).TrimEnd('\r');
        switch (_state)
        {
            case State.ChunkEnd:
                _state = State.ChunkSize;
                break;
            case State.Trailers:
                _state = line.Length == 0 ? Begin() : State.Trailers;
                break;
            default:
                if (!long.TryParse(line.Split(';')[0].Trim(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _left) || _left < 0)
                    _state = State.Opaque;
                else
                    _state = _left == 0 ? State.Trailers : State.Chunk;
                break;
        }
    }

    private static bool IsToken(byte first) => char.IsAsciiLetter((char)first) || first is (byte)'\r' or (byte)'\n';
}
