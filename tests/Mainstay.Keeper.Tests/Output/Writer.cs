using Mainstay.Keeper.Output;
using Mainstay.Keeper.Platform;
using Microsoft.Extensions.Time.Testing;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Tests.Output;

/// <summary>The keeper's side of one stream, and its file for whoever reads.</summary>
internal sealed class Writer : IDisposable
{
    private readonly SafeFileHandle _doorbell = Linux.Doorbell();

    public Writer() => Ring = new(Presence, _doorbell, Time);

    public FakeTimeProvider Time { get; } = new(new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero));

    public ReaderPresence Presence { get; } = new();

    public OutputRing Ring { get; }

    public SafeFileHandle File => Ring.File;

    /// <summary>A reader with a descriptor of its own, as another process has.</summary>
    public RingReader NewReader() => ReaderOf(File);

    /// <summary>The same of any ring's file.</summary>
    public static RingReader ReaderOf(SafeFileHandle file) =>
        new(System.IO.File.OpenHandle($"/proc/self/fd/{file.DangerousGetHandle()}", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite));

    /// <summary>Writes as the pump does: at most 64 KiB a time.</summary>
    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var piece = bytes[..Math.Min(bytes.Length, 64 * 1024)];
            Ring.Feed(piece);
            bytes = bytes[piece.Length..];
        }
    }

    /// <summary>Feeds while there is room; the bytes that were taken.</summary>
    public int FeedWhileRoom(int atMost)
    {
        var fed = 0;
        var piece = new byte[64 * 1024];
        while (fed < atMost && Ring.HasRoom)
        {
            Ring.Feed(piece);
            fed += piece.Length;
        }

        return fed;
    }

    public void Poke(int offset, long word) => RandomAccess.Write(File, BitConverter.GetBytes(word), offset);

    public long Peek(int offset)
    {
        var word = new byte[8];
        _ = RandomAccess.Read(File, word, offset);
        return BitConverter.ToInt64(word);
    }

    public void Dispose()
    {
        Ring.Dispose();
        _doorbell.Dispose();
    }
}
