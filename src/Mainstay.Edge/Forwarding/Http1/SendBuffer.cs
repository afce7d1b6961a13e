using System.Buffers.Text;
using System.Text;

namespace Mainstay.Edge.Forwarding.Http1;

/// <summary>Bytes on their way out, gathered so that head and body leave in one piece. Reused; grows for long heads.</summary>
internal sealed class SendBuffer
{
    /// <summary>As much of a body as is gathered before it is sent.</summary>
    public const int BodyBytes = 32 * 1024;

    private const int HomeBytes = 4 * 1024;

    private byte[] _bytes = new byte[HomeBytes];
    private int _start;
    private int _end;

    public ReadOnlyMemory<byte> Unsent => _bytes.AsMemory(_start, _end - _start);

    public bool IsEmpty => _start == _end;

    /// <summary>Room for a piece of body, without its framing.</summary>
    public int BodyRoom => Math.Max(0, BodyBytes - (_end - _start));

    public void Clear()
    {
        _start = _end = 0;
    }

    /// <summary>Gives a large store back to the garbage collector; for the time of idling.</summary>
    public void Shrink()
    {
        Clear();
        if (_bytes.Length > 2 * HomeBytes)
            _bytes = new byte[HomeBytes];
    }

    public void Sent(int count)
    {
        _start += count;
        if (_start == _end)
            _start = _end = 0;
    }

    public Span<byte> Take(int count)
    {
        if (_end + count > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _end + count));
        var taken = _bytes.AsSpan(_end, count);
        _end += count;
        return taken;
    }

    public void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    /// <summary>Latin-1; the caller has checked that it is.</summary>
    public void Write(string text) => Encoding.Latin1.GetBytes(text, Take(text.Length));

    public void Write(long number)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(number, digits, out var written);
        Write(digits[..written]);
    }

    public void WriteHex(long number)
    {
        Span<byte> digits = stackalloc byte[16];
        Utf8Formatter.TryFormat(number, digits, out var written, 'x');
        Write(digits[..written]);
    }
}
