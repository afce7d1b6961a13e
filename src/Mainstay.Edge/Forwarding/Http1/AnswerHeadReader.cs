using System.Text;
using Mainstay.Edge.Exchanges;

namespace Mainstay.Edge.Forwarding.Http1;

internal enum HeadProgress
{
    NeedsMore,
    Complete,
    Malformed,
}

/// <summary>
/// Reads the head of an answer line by line, as it arrives, strictly by RFC 9112: folded lines, a space before a colon, control
/// characters and bad lengths are refused. A single LF ends a line as well (section 2.2). Reused from answer to answer.
/// </summary>
internal sealed class AnswerHeadReader(int maxBytes)
{
    private int _searched;
    private int _total;
    private bool _inFields;
    private readonly HeaderBlock _named = new();

    public int Status { get; private set; }

    /// <summary>What is wrong, if it is malformed.</summary>
    public string? Fault { get; private set; }

    public AnswerFraming Framing { get; } = new();

    /// <summary>Before the first answer on a request.</summary>
    public void Reset()
    {
        _total = 0;
        Next();
    }

    /// <summary>Before the answer that follows an interim one; the bound on bytes goes on.</summary>
    public void Next()
    {
        _searched = 0;
        _inFields = false;
        _named.Clear();
        Status = 0;
        Fault = null;
        Framing.Reset();
    }

    /// <summary>Takes complete lines from <paramref name="bytes"/>, which start with what it left over the last time.</summary>
    public HeadProgress Read(ReadOnlySpan<byte> bytes, HeaderBlock headers, out int consumed)
    {
        consumed = 0;
        while (true)
        {
            var rest = bytes[consumed..];
            var end = rest[_searched..].IndexOf((byte)'\n');
            if (end < 0)
            {
                _searched = rest.Length;
                return _total + rest.Length > maxBytes ? Malformed("head too large") : HeadProgress.NeedsMore;
            }
            end += _searched;
            _searched = 0;
            consumed += end + 1;
            _total += end + 1;
            if (_total > maxBytes)
                return Malformed("head too large");
            var line = rest[..(end > 0 && rest[end - 1] == '\r' ? end - 1 : end)];
            if (!_inFields)
            {
                if (!TryStatusLine(line))
                    return Malformed("bad status line");
                _inFields = true;
            }
            else if (line.IsEmpty)
            {
                return Finish(headers);
            }
            else if (!TryField(line, headers))
            {
                return Malformed(Fault ?? "bad header line");
            }
        }
    }

    private bool TryStatusLine(ReadOnlySpan<byte> line)
    {
        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8) || !char.IsAsciiDigit((char)line[7]) || line[8] != ' ')
            return false;
        if (line.Length > 12 && (line[12] != ' ' || !Grammar.IsValue(line[13..])))
            return false;
        int status = 0;
        foreach (var digit in line[9..12])
        {
            if (!char.IsAsciiDigit((char)digit))
                return false;
            status = status * 10 + (digit - '0');
        }
        Status = status;
        Framing.IsHttp10 = line[7] == '0';
        return status is >= 100 and <= 599;
    }

    private bool TryField(ReadOnlySpan<byte> line, HeaderBlock headers)
    {
        if (!Grammar.TryField(line, out var name, out var value))
            return false;
        var id = HeaderNames.Find(name);
        switch (id)
        {
            case HeaderId.Unknown:
                if (!Ascii.EqualsIgnoreCase(name, "Proxy-Authentication-Info"u8))
                    headers.Add(name, value);
                return true;
            case HeaderId.Connection:
                ReadConnection(value);
                return true;
            case HeaderId.KeepAlive:
                Framing.ReadKeepAlive(value);
                return true;
            case HeaderId.TransferEncoding:
                Fault = Framing.AddCoding(value);
                return Fault is null;
            case HeaderId.ContentLength:
                Fault = Framing.AddLength(value);
                return Fault is null;
            case HeaderId.ProxyAuthenticate or HeaderId.ProxyAuthorization or HeaderId.ProxyConnection:
                return true;
            case HeaderId.Upgrade when Status != 101:
                return true;
            default:
                headers.Add(id, value);
                return true;
        }
    }

    private void ReadConnection(ReadOnlySpan<byte> value)
    {
        foreach (var part in value.Split((byte)','))
        {
            var option = Grammar.Trim(value[part]);
            if (Ascii.EqualsIgnoreCase(option, "close"u8))
                Framing.SaysClose = true;
            else if (Ascii.EqualsIgnoreCase(option, "keep-alive"u8))
                Framing.SaysKeepAlive = true;
            else if (!option.IsEmpty && !Ascii.EqualsIgnoreCase(option, "upgrade"u8))
                _named.Add(option, default);
        }
    }

    /// <summary>Fields that Connection names are for this connection only; they may have come before it.</summary>
    private HeadProgress Finish(HeaderBlock headers)
    {
        for (var i = 0; i < _named.Count; i++)
        {
            for (var at = headers.IndexOf(_named.NameAt(i)); at >= 0; at = headers.IndexOf(_named.NameAt(i)))
                headers.RemoveAt(at);
        }
        Framing.Finish(Status, headers);
        return HeadProgress.Complete;
    }

    private HeadProgress Malformed(string fault)
    {
        Fault = fault;
        return HeadProgress.Malformed;
    }
}
