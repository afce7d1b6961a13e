namespace Mainstay.Prove.Load.Http1;

/// <summary>Cuts lines out of pieces of any size. A line that is there whole is not copied. Not thread-safe.</summary>
internal sealed class LineReader
{
    private byte[] _kept = [];
    private int _length;
    private int _left;

    /// <summary>The bytes that were allowed are used up.</summary>
    public bool IsTooLong => _left < 0;

    /// <summary>The beginning of a line whose end has not come.</summary>
    public ReadOnlySpan<byte> Kept => _kept.AsSpan(0, _length);

    /// <summary>Lines of so many bytes in all are allowed from here on.</summary>
    public void Begin(int mostBytes) => (_length, _left) = (0, mostBytes);

    /// <summary>A line without its end (LF, with or without CR); good until the next call. False: it has not ended, or is too long.</summary>
    public bool TryTake(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> line)
    {
        var end = bytes.IndexOf((byte)'\n');
        var part = end < 0 ? bytes : bytes[..end];
        bytes = bytes[(end < 0 ? bytes.Length : end + 1)..];
        _left -= part.Length + 1;
        line = part;
        if (_left < 0)
            return false;
        if (end < 0 || _length > 0)
        {
            Keep(part);
            line = Kept;
        }
        if (end < 0)
        {
            _left++; // its end is still to be paid for
            return false;
        }
        _length = 0;
        if (line is [.., (byte)'\r'])
            line = line[..^1];
        return true;
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        if (_length + part.Length > _kept.Length)
            Array.Resize(ref _kept, Math.Max(512, (_length + part.Length) * 2));
        part.CopyTo(_kept.AsSpan(_length));
        _length += part.Length;
    }
}
