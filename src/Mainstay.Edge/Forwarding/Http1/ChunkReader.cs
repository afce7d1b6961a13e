using Mainstay.Edge.Exchanges;

namespace Mainstay.Edge.Forwarding.Http1;

internal enum ChunkProgress
{
    NeedsMore,
    Piece,
    Done,
    Malformed,
}

/// <summary>Takes the chunked coding off a body (RFC 9112, section 7), strictly: every line ends with CRLF. Reused from answer to answer.</summary>
internal sealed class ChunkReader(int maxTrailerBytes)
{
    /// <summary>Size and extensions of one chunk; nobody needs more.</summary>
    private const int MaxSizeLine = 1024;

    private enum Place
    {
        Size,
        Content,
        ContentEnd,
        Trailers,
        Done,
    }

    private Place _place;
    private long _left;
    private int _searched;
    private int _trailerBytes;

    public HeaderBlock? Trailers { get; private set; }

    public string? Fault { get; private set; }

    public void Reset()
    {
        _place = Place.Size;
        _left = 0;
        _searched = _trailerBytes = 0;
        Trailers = null;
        Fault = null;
    }

    /// <summary>
    /// Takes what it can from <paramref name="bytes"/>, which start with what it left over the last time.
    /// With <see cref="ChunkProgress.Piece"/>, content lies at the end of what was consumed.
    /// </summary>
    public ChunkProgress Read(ReadOnlySpan<byte> bytes, out int consumed, out int pieceLength)
    {
        consumed = pieceLength = 0;
        while (true)
        {
            var rest = bytes[consumed..];
            switch (_place)
            {
                case Place.Content:
                    if (rest.IsEmpty)
                        return ChunkProgress.NeedsMore;
                    pieceLength = (int)Math.Min(_left, rest.Length);
                    consumed += pieceLength;
                    _left -= pieceLength;
                    if (_left == 0)
                        _place = Place.ContentEnd;
                    return ChunkProgress.Piece;
                case Place.ContentEnd:
                    if (rest.Length < 2)
                        return rest.IsEmpty || rest[0] == '\r' ? ChunkProgress.NeedsMore : Malformed("chunk longer than its size");
                    if (!rest.StartsWith("\r\n"u8))
                        return Malformed("chunk longer than its size");
                    consumed += 2;
                    _place = Place.Size;
                    break;
                case Place.Size:
                    if (!TryLine(rest, MaxSizeLine, out var line, ref consumed))
                        return Fault is null ? ChunkProgress.NeedsMore : ChunkProgress.Malformed;
                    if (!TrySize(line, out _left))
                        return Malformed("bad chunk size");
                    _place = _left == 0 ? Place.Trailers : Place.Content;
                    break;
                case Place.Trailers:
                    var before = consumed;
                    if (!TryLine(rest, maxTrailerBytes - _trailerBytes, out line, ref consumed))
                        return Fault is null ? ChunkProgress.NeedsMore : ChunkProgress.Malformed;
                    _trailerBytes += consumed - before;
                    if (line.IsEmpty)
                        _place = Place.Done;
                    else if (!TryTrailer(line))
                        return Malformed("bad trailer line");
                    break;
                default:
                    return ChunkProgress.Done;
            }
        }
    }

    private bool TryLine(ReadOnlySpan<byte> rest, int limit, out ReadOnlySpan<byte> line, ref int consumed)
    {
        line = default;
        var end = rest[_searched..].IndexOf((byte)'\n');
        var length = end < 0 ? rest.Length : _searched + end + 1;
        if (length > limit)
        {
            Malformed("chunk line too long");
            return false;
        }
        if (end < 0)
        {
            _searched = rest.Length;
            return false;
        }
        _searched = 0;
        if (length < 2 || rest[length - 2] != '\r')
        {
            Malformed("bare line feed in chunked coding");
            return false;
        }
        consumed += length;
        line = rest[..(length - 2)];
        return true;
    }

    private static bool TrySize(ReadOnlySpan<byte> line, out long size)
    {
        size = 0;
        var digits = 0;
        while (digits < line.Length && char.IsAsciiHexDigit((char)line[digits]))
        {
            if (size > long.MaxValue >> 4)
                return false;
            size = (size << 4) + HexValue(line[digits]);
            digits++;
        }
        var extensions = line[digits..].TrimStart(" \t"u8);
        return digits > 0 && (line.Length == digits || extensions.StartsWith(";"u8)) && Grammar.IsValue(extensions);
    }

    private static int HexValue(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;

    /// <summary>Framing and routing fields have no business in trailers (RFC 9110, section 6.5.1): they are left out.</summary>
    private bool TryTrailer(ReadOnlySpan<byte> line)
    {
        if (!Grammar.TryField(line, out var name, out var value))
            return false;
        var id = HeaderNames.Find(name);
        if (id is HeaderId.TransferEncoding or HeaderId.ContentLength or HeaderId.Host or HeaderId.Connection or HeaderId.Trailer
            or HeaderId.KeepAlive or HeaderId.Upgrade or HeaderId.TE or HeaderId.SetCookie)
            return true;
        Trailers ??= new HeaderBlock();
        Trailers.Add(name, value);
        return true;
    }

    private ChunkProgress Malformed(string fault)
    {
        Fault = fault;
        return ChunkProgress.Malformed;
    }
}
