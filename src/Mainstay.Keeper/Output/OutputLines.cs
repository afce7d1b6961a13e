using System.Text;
using Mainstay.Contracts.Keeping;
using Mainstay.Contracts.Launching;

namespace Mainstay.Keeper.Output;

/// <summary>Cuts one stream into lines: at line feeds, and after 64 KiB. Bytes that are no UTF-8 become replacement characters.</summary>
/// <param name="source">The name that lines carry.</param>
/// <param name="isError">From standard error.</param>
/// <param name="sink">Takes the lines.</param>
/// <param name="stream">See <see cref="LinePosition.Stream"/>.</param>
/// <param name="start">Where in the stream the first byte stands that is fed.</param>
/// <param name="warn">Told, once, if the sink fails.</param>
internal sealed class OutputLines(string source, bool isError, IOutputSink sink, long stream, long start, Action<string> warn)
{
    /// <summary>The longest line, in bytes; longer ones are split between characters.</summary>
    public const int Limit = 64 * 1024;

    private byte[] _partial = [];
    private int _length;
    private long _end = start;
    private DateTimeOffset _now;
    private bool _sinkFailed;

    /// <param name="bytes">What follows.</param>
    /// <param name="at">When they were read.</param>
    public void Feed(ReadOnlySpan<byte> bytes, DateTimeOffset at)
    {
        _now = at;
        while (!bytes.IsEmpty)
        {
            var newline = bytes.IndexOf((byte)'\n');
            var part = newline < 0 ? bytes : bytes[..newline];
            while (_length + part.Length > Limit)
            {
                var fits = Limit - _length;
                Append(part[..fits]);
                part = part[fits..];
                Split();
            }

            if (newline >= 0 && _length == 0)
            {
                Emit(WithoutReturn(part), part.Length + 1);
            }
            else
            {
                Append(part);
                if (newline >= 0)
                    Finish(newlines: 1);
            }

            if (newline < 0)
                return;
            // An empty rest after a line feed is no line.
            bytes = bytes[(newline + 1)..];
        }
    }

    /// <summary>The stream is at its end (or the line is): what is left is a line.</summary>
    public void Flush(DateTimeOffset at)
    {
        _now = at;
        if (_length > 0)
            Finish(newlines: 0);
    }

    /// <summary>Bytes are missing here: what was begun is a line, and the next one starts at another place of the stream.</summary>
    public void Skip(long next, DateTimeOffset at)
    {
        Flush(at);
        _end = next;
    }

    private void Finish(int newlines)
    {
        Emit(WithoutReturn(_partial.AsSpan(0, _length)), _length + newlines);
        _length = 0;
    }

    private void Split()
    {
        var cut = CharacterBoundary(_partial.AsSpan(0, _length));
        Emit(_partial.AsSpan(0, cut), cut);
        _partial.AsSpan(cut, _length - cut).CopyTo(_partial);
        _length -= cut;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_partial.Length < _length + bytes.Length)
            Array.Resize(ref _partial, Math.Min(Limit, Math.Max(256, Math.Max(_partial.Length * 2, _length + bytes.Length))));
        bytes.CopyTo(_partial.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Emit(ReadOnlySpan<byte> line, int taken)
    {
        _end += taken;
        try
        {
            sink.Write(new(source, Encoding.UTF8.GetString(line), isError, _now, new(stream, stream == 0 ? 0 : _end)));
        }
        catch (Exception problem)
        {
            // The reader serves every replica: one sink's fault must not stop it. Said once, not for every line.
            if (!_sinkFailed)
                warn($"output of {source} is lost: {problem.Message}");
            _sinkFailed = true;
        }
    }

    /// <summary>At the end of a line; one that only stands where a long line is split belongs to the text.</summary>
    private static ReadOnlySpan<byte> WithoutReturn(ReadOnlySpan<byte> line) => line is [.. var text, (byte)'\r'] ? text : line;

    /// <summary>Where a character that is not complete begins, at most three bytes before the end; otherwise the end.</summary>
    private static int CharacterBoundary(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= 3 && back < bytes.Length; back++)
        {
            var lead = bytes[^back];
            if (lead < 0x80)
                break;
            if (lead < 0xC0)
                continue;
            var needed = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
            return needed > back ? bytes.Length - back : bytes.Length;
        }

        return bytes.Length;
    }
}
