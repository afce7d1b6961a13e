using System.Buffers;
using System.Globalization;
using Mainstay.Edge.Exchanges;

namespace Mainstay.Edge.Identifying;

/// <summary>W3C trace context: passed on if it is valid, begun here otherwise.</summary>
internal static class TraceContext
{
    private const int Length = 55;

    private static readonly SearchValues<byte> Hex = SearchValues.Create("0123456789abcdef"u8);

    /// <param name="headers">Of the request.</param>
    /// <param name="id">Becomes the trace's id if the caller began none, so that logs and traces meet.</param>
    public static void Continue(HeaderBlock headers, UInt128 id)
    {
        var at = headers.IndexOf(HeaderId.TraceParent);
        if (at >= 0 && IsValid(headers.ValueAt(at)) && headers.IndexOf(HeaderId.TraceParent, at + 1) < 0)
            return;
        if (at >= 0)
            headers.Remove(HeaderId.TraceParent);
        // Vendors' state belongs to the parent that we just did not believe.
        headers.Remove(HeaderId.TraceState);
        Span<byte> value = stackalloc byte[Length];
        "00-"u8.CopyTo(value);
        ((ulong)(id >> 64)).TryFormat(value[3..], out _, "x16", CultureInfo.InvariantCulture);
        ((ulong)id).TryFormat(value[19..], out _, "x16", CultureInfo.InvariantCulture);
        value[35] = (byte)'-';
        RequestIds.Span(id).TryFormat(value[36..], out _, "x16", CultureInfo.InvariantCulture);
        // Sampled: an app that follows its parent would otherwise record nothing at all.
        "-01"u8.CopyTo(value[52..]);
        headers.Add(HeaderId.TraceParent, value);
    }

    /// <summary>version "-" trace-id "-" parent-id "-" flags; later versions may go on after another hyphen.</summary>
    public static bool IsValid(ReadOnlySpan<byte> value)
    {
        if (value.Length < Length || value[2] != '-' || value[35] != '-' || value[52] != '-')
            return false;
        var version = value[..2];
        var trace = value[3..35];
        var parent = value[36..52];
        if (IsNotHex(version) || IsNotHex(trace) || IsNotHex(parent) || IsNotHex(value[53..55]) || version.SequenceEqual("ff"u8))
            return false;
        if (trace.IndexOfAnyExcept((byte)'0') < 0 || parent.IndexOfAnyExcept((byte)'0') < 0)
            return false;
        return value.Length == Length || (!version.SequenceEqual("00"u8) && value[Length] == '-');
    }

    private static bool IsNotHex(ReadOnlySpan<byte> value) => value.IndexOfAnyExcept(Hex) >= 0;
}
