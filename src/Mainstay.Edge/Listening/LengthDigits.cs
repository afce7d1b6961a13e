using System.Text;

namespace Mainstay.Edge.Listening;

/// <summary>
/// How Kestrel reads the bytes of a Content-Length. It would take <c>+5</c> for 5, which others may read in another way: RFC 9112 allows
/// digits only, so anything else becomes a character that is no part of a number, and the request is refused with 400.
/// </summary>
internal sealed class LengthDigits : Encoding
{
    private const char NoDigit = '?';

    public static LengthDigits Instance { get; } = new();

    public override int GetByteCount(char[] chars, int index, int count) => Latin1.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

    /// <summary>More bytes than there is room for are too long for any length: the room is filled, and that is too long as well.</summary>
    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        var count = Math.Min(bytes.Length, chars.Length);
        for (var i = 0; i < count; i++)
            chars[i] = char.IsAsciiDigit((char)bytes[i]) ? (char)bytes[i] : NoDigit;
        return count;
    }

    public override int GetMaxByteCount(int charCount) => Latin1.GetMaxByteCount(charCount);

    public override int GetMaxCharCount(int byteCount) => byteCount;
}
