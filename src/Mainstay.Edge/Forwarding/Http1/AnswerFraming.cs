using System.Buffers.Text;
using System.Text;
using Mainstay.Edge.Exchanges;

namespace Mainstay.Edge.Forwarding.Http1;

internal enum BodyFraming
{
    None,
    Length,
    Chunked,
    UntilClose,
}

/// <summary>How long the body of an answer is, and whether its connection can be used again (RFC 9112, sections 6 and 9).</summary>
internal sealed class AnswerFraming
{
    private bool _chunked;

    public bool IsHttp10 { get; set; }

    public bool SaysClose { get; set; }

    public bool SaysKeepAlive { get; set; }

    /// <summary>From <c>Keep-Alive: timeout=</c>; null if not said.</summary>
    public TimeSpan? KeepAlive { get; private set; }

    public long? Length { get; private set; }

    /// <summary>Both lengths at once: a smuggling attempt or a bug, in either case the last answer on this connection.</summary>
    private bool _both;

    public bool KeepsConnection => !SaysClose && !_both && (!IsHttp10 || SaysKeepAlive) && KeepAlive != TimeSpan.Zero;

    public void Reset()
    {
        _chunked = _both = IsHttp10 = SaysClose = SaysKeepAlive = false;
        KeepAlive = null;
        Length = null;
    }

    /// <summary>A Transfer-Encoding field; returns what is wrong with it, or null.</summary>
    public string? AddCoding(ReadOnlySpan<byte> value)
    {
        if (_chunked || !Ascii.EqualsIgnoreCase(value, "chunked"u8))
            return "transfer coding other than chunked";
        if (IsHttp10)
            return "transfer coding in HTTP/1.0";
        _chunked = true;
        return null;
    }

    /// <summary>A Content-Length field, maybe a list of equal numbers; returns what is wrong with it, or null.</summary>
    public string? AddLength(ReadOnlySpan<byte> value)
    {
        foreach (var part in value.Split((byte)','))
        {
            var digits = Grammar.Trim(value[part]);
            if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
                || !Utf8Parser.TryParse(digits, out long length, out var used) || used != digits.Length)
                return "bad content length";
            if (Length is { } earlier && earlier != length)
                return "contradicting content lengths";
            Length = length;
        }
        return null;
    }

    public void ReadKeepAlive(ReadOnlySpan<byte> value)
    {
        foreach (var part in value.Split((byte)','))
        {
            var parameter = Grammar.Trim(value[part]);
            if (parameter.Length > 8 && Ascii.EqualsIgnoreCase(parameter[..8], "timeout="u8)
                && Utf8Parser.TryParse(parameter[8..], out uint seconds, out _))
                KeepAlive = TimeSpan.FromSeconds(seconds);
        }
    }

    /// <summary>Decides between the fields, once all are known; leaves the one Content-Length that is true in <paramref name="headers"/>.</summary>
    public void Finish(int status, HeaderBlock headers)
    {
        if (_chunked && Length is not null)
        {
            _both = true;
            Length = null;
        }
        if (Length is { } length && status is >= 200 and not 204)
        {
            Span<byte> digits = stackalloc byte[20];
            Utf8Formatter.TryFormat(length, digits, out var written);
            headers.Add(HeaderId.ContentLength, digits[..written]);
        }
    }

    public BodyFraming Of(int status, string method) => status switch
    {
        < 200 or 204 or 304 => BodyFraming.None,
        _ when method == "HEAD" => BodyFraming.None,
        _ when _chunked => BodyFraming.Chunked,
        _ when Length == 0 => BodyFraming.None,
        _ when Length is not null => BodyFraming.Length,
        _ => BodyFraming.UntilClose,
    };
}
