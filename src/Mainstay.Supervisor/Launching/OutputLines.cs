using System.Text;
using Microsoft.Extensions.Logging;

namespace Mainstay.Supervisor.Launching;

/// <summary>Cuts one stream into lines: at line feeds, and after 64 KiB. Bytes that are no UTF-8 become replacement characters.</summary>
internal sealed class OutputLines(string source, bool isError, IOutputSink sink, ILogger log)
{
    /// <summary>The longest line, in bytes; longer ones are split between characters.</summary>
    public const int Limit = 64 * 1024;

    private byte[] _partial = [];
    private int _length;
    private bool _sinkFailed;

    public void Feed(ReadOnlySpan<byte> bytes)
    {
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
                Emit(part);
            }
            else
            {
                Append(part);
                if (newline >= 0)
                    Finish();
            }

            if (newline < 0)
                return;
            // An empty rest after a line feed is no line.
            bytes = bytes[(newline + 1)..];
        }
    }

    /// <summary>The stream is at its end (or the line is): what is left is a line.</summary>
    public void Flush()
    {
        if (_length > 0)
            Finish();
    }

    private void Finish()
    {
        Emit(_partial.AsSpan(0, _length));
        _length = 0;
    }

    private void Split()
    {
        var cut = CharacterBoundary(_partial.AsSpan(0, _length));
        Emit(_partial.AsSpan(0, cut));
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

    private void Emit(ReadOnlySpan<byte> line)
    {
        if (!line.IsEmpty && line[^1] == '\r')
            line = line[..^1];
        try
        {
            sink.Write(source, Encoding.UTF8.GetString(line), isError);
        }
        catch (Exception problem)
        {
            // The pump serves every replica: one sink's fault must not stop it. Said once, not for every line.
            if (!_sinkFailed)
                log.OutputLost(source, problem.Message);
            _sinkFailed = true;
        }
    }

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
