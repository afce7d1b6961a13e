using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Mainstay.Prove.Load.Http1;

/// <summary>Of an answer's head what says how it goes on, and when to come again. Not thread-safe.</summary>
internal sealed class AnswerHead(TimeProvider time)
{
    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private static readonly SearchValues<byte> NeverInValue = SearchValues.Create("\0\r"u8);

    private bool _isOld;
    private bool _closes;
    private bool _keeps;
    private bool _mattered;
    private bool _contradicts;

    public int Status { get; private set; }

    /// <summary>Of the body; −1: not said.</summary>
    public long Length { get; private set; }

    /// <summary>The last coding is chunked.</summary>
    public bool IsChunked { get; private set; }

    /// <summary>There is a Transfer-Encoding; without chunked at its end the body goes on until the connection ends.</summary>
    public bool HasCoding { get; private set; }

    /// <summary>Seconds; −1 without.</summary>
    public short RetryAfter { get; private set; }

    public int? IdleSeconds { get; private set; }

    /// <summary>No two lengths that contradict each other.</summary>
    public bool IsSound => !_contradicts;

    /// <summary>By version and Connection. Two framings at once, or one that the version does not know, are no basis for another request.</summary>
    public bool KeepsAlive => !_closes && (!_isOld || _keeps) && !(HasCoding && (Length >= 0 || _isOld));

    /// <summary>Whether an answer can begin so.</summary>
    public static bool MayBegin(ReadOnlySpan<byte> start)
    {
        var version = "HTTP/1."u8;
        var length = Math.Min(start.Length, version.Length);
        return start[..length].SequenceEqual(version[..length]);
    }

    public void Clear()
    {
        (Status, Length, RetryAfter, IdleSeconds) = (0, -1, -1, null);
        (IsChunked, HasCoding) = (false, false);
        _isOld = _closes = _keeps = _mattered = _contradicts = false;
    }

    public bool TakeStatusLine(ReadOnlySpan<byte> line)
    {
        if (line.Length < 12 || !MayBegin(line) || !IsDigit(line[7]) || line[8] != ' ' || !IsDigit(line[9]) || !IsDigit(line[10]) || !IsDigit(line[11])
            || (line.Length > 12 && line[12] != ' '))
            return false;
        Status = ((line[9] - '0') * 100) + ((line[10] - '0') * 10) + line[11] - '0';
        _isOld = line[7] == '0';
        return Status >= 100;
    }

    public bool TakeField(ReadOnlySpan<byte> line)
    {
        // An old way to go on with a value: harmless unless the value matters here.
        if (line[0] is (byte)' ' or (byte)'\t')
            return !_mattered && Status != 0;
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].ContainsAnyExcept(NameBytes))
            return false;
        var value = line[(colon + 1)..].Trim(" \t"u8);
        if (value.ContainsAny(NeverInValue))
            return false;
        _mattered = true;
        var name = line[..colon];
        switch (colon)
        {
            case 14 when Ascii.EqualsIgnoreCase(name, "content-length"u8):
                return TakeLength(value);
            case 17 when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8):
                HasCoding = true;
                IsChunked = Ascii.EqualsIgnoreCase(value[(value.LastIndexOf((byte)',') + 1)..].Trim(" \t"u8), "chunked"u8);
                return true;
            case 10 when Ascii.EqualsIgnoreCase(name, "connection"u8):
                TakeConnection(value);
                return true;
            case 10 when Ascii.EqualsIgnoreCase(name, "keep-alive"u8):
                TakeKeepAlive(value);
                return true;
            case 11 when Ascii.EqualsIgnoreCase(name, "retry-after"u8):
                RetryAfter = ReadRetryAfter(value);
                return true;
            default:
                _mattered = false;
                return true;
        }
    }

    /// <summary>Several equal lengths are one.</summary>
    private bool TakeLength(ReadOnlySpan<byte> value)
    {
        foreach (var range in value.Split((byte)','))
        {
            var one = value[range].Trim(" \t"u8);
            if (!TryNumber(one, out var length))
                return false;
            _contradicts |= Length >= 0 && Length != length;
            Length = length;
        }
        return true;
    }

    private void TakeConnection(ReadOnlySpan<byte> value)
    {
        foreach (var range in value.Split((byte)','))
        {
            var word = value[range].Trim(" \t"u8);
            _closes |= Ascii.EqualsIgnoreCase(word, "close"u8);
            _keeps |= Ascii.EqualsIgnoreCase(word, "keep-alive"u8);
        }
    }

    private void TakeKeepAlive(ReadOnlySpan<byte> value)
    {
        foreach (var range in value.Split((byte)','))
        {
            var word = value[range].Trim(" \t"u8);
            if (word.Length > 8 && Ascii.EqualsIgnoreCase(word[..8], "timeout="u8) && TryNumber(word[8..], out var seconds))
                IdleSeconds = (int)Math.Min(seconds, int.MaxValue);
        }
    }

    /// <summary>Seconds, or a date; what is neither says nothing.</summary>
    private short ReadRetryAfter(ReadOnlySpan<byte> value)
    {
        if (TryNumber(value, out var seconds))
            return (short)Math.Min(seconds, short.MaxValue);
        return DateTimeOffset.TryParseExact(Encoding.ASCII.GetString(value), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? (short)Math.Clamp(Math.Ceiling((date - time.GetUtcNow()).TotalSeconds), 0, short.MaxValue)
            : (short)-1;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out long number)
    {
        number = 0;
        return !text.ContainsAnyExceptInRange((byte)'0', (byte)'9') && Utf8Parser.TryParse(text, out number, out var read) && read == text.Length;
    }

    private static bool IsDigit(byte letter) => letter is >= (byte)'0' and <= (byte)'9';
}
