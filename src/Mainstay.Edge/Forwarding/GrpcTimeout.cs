using System.Buffers.Text;

namespace Mainstay.Edge.Forwarding;

/// <summary>The value of a <c>grpc-timeout</c> field: up to eight digits and a unit (H, M, S, m, u, n).</summary>
internal static class GrpcTimeout
{
    public static bool TryParse(ReadOnlySpan<byte> value, out TimeSpan timeout)
    {
        timeout = default;
        if (value.Length is < 2 or > 9 || !Utf8Parser.TryParse(value[..^1], out uint amount, out var used) || used != value.Length - 1)
            return false;
        double? seconds = value[^1] switch
        {
            (byte)'H' => amount * 3600.0,
            (byte)'M' => amount * 60.0,
            (byte)'S' => amount,
            (byte)'m' => amount / 1e3,
            (byte)'u' => amount / 1e6,
            (byte)'n' => amount / 1e9,
            _ => null,
        };
        if (seconds is not { } known)
            return false;
        timeout = TimeSpan.FromSeconds(known);
        return true;
    }

    /// <summary>In milliseconds, or in seconds if that has too many digits.</summary>
    public static int Format(long milliseconds, Span<byte> text)
    {
        var inSeconds = milliseconds > 99_999_999;
        Utf8Formatter.TryFormat(inSeconds ? Math.Min(milliseconds / 1000, 99_999_999) : milliseconds, text, out var length);
        text[length] = inSeconds ? (byte)'S' : (byte)'m';
        return length + 1;
    }
}
