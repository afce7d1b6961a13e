using System.Buffers;

namespace Mainstay.Edge.Forwarding.Http1;

/// <summary>The character classes of RFC 9110 and RFC 9112.</summary>
internal static class Grammar
{
    private const string Token = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create([.. Token.Select(letter => (byte)letter)]);

    private static readonly SearchValues<char> TokenLetters = SearchValues.Create(Token);

    /// <summary>Every control character but the tab: a value may hold none of them.</summary>
    private static readonly SearchValues<byte> ControlBytes =
        SearchValues.Create([.. Enumerable.Range(0, 32).Where(value => value != '\t').Select(value => (byte)value), 0x7f]);

    private static readonly SearchValues<char> ControlLetters =
        SearchValues.Create([.. Enumerable.Range(0, 32).Where(value => value != '\t').Select(value => (char)value), '\x7f']);

    public static bool IsToken(ReadOnlySpan<byte> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenBytes);

    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenLetters);

    public static bool IsValue(ReadOnlySpan<byte> text) => !text.ContainsAny(ControlBytes);

    public static bool IsValue(ReadOnlySpan<char> text) => !text.ContainsAny(ControlLetters) && !text.ContainsAnyExceptInRange('\0', '\xff');

    /// <summary>Visible ASCII only, as a request target must be.</summary>
    public static bool IsTarget(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExceptInRange('!', '~');

    /// <summary>Without the spaces and tabs around it.</summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim(" \t"u8);

    /// <summary>Splits <c>name: value</c>. False for anything that RFC 9112 section 5 does not allow, folded lines and a space before the colon included.</summary>
    public static bool TryField(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        var colon = line.IndexOf((byte)':');
        name = colon > 0 ? line[..colon] : default;
        value = colon > 0 ? Trim(line[(colon + 1)..]) : default;
        return IsToken(name) && IsValue(value);
    }
}
