using Mainstay.Keeper.Output;

namespace Mainstay.Keeper.Tests.Output;

internal static class RingReading
{
    /// <summary>Everything there is, and how many bytes were missing in between.</summary>
    public static (byte[] Bytes, long Missing) ReadAll(this RingReader reader, int atATime = 64 * 1024)
    {
        var all = new MemoryStream();
        var buffer = new byte[atATime];
        var missing = 0L;
        while (true)
        {
            var count = reader.Read(buffer, out _, out var gap);
            missing += gap;
            all.Write(buffer, 0, count);
            if (count == 0 && gap == 0)
                return (all.ToArray(), missing);
        }
    }

    /// <summary>Bytes of which each eight say where they stand.</summary>
    public static byte[] Numbered(long from, int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
            bytes[i] = At(from + i);
        return bytes;
    }

    public static byte At(long position) => (byte)((position / 8) >> (int)(position % 8 * 8));
}
