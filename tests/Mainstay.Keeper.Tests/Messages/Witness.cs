using Mainstay.Keeper.Platform;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Tests.Messages;

/// <summary>A pipe whose write end is passed around: its read end tells whether any copy of it is still open.</summary>
internal sealed unsafe class Witness : IDisposable
{
    private readonly SafeFileHandle _read;

    public Witness()
    {
        Assert.True(LibC.TryPipe(out _read, out var write, out _));
        Passed = write;
    }

    public SafeFileHandle Passed { get; }

    /// <summary>Whether what is written to this copy arrives here.</summary>
    public bool Is(SafeFileHandle copy)
    {
        Assert.True(LibC.TryWriteWhole(copy, "?"u8));
        byte found;
        return IsReadable(0) && LibC.Read(LibC.Descriptor(_read), &found, 1) == 1 && found == (byte)'?';
    }

    /// <summary>Gives up our own copy; true if no other is open then.</summary>
    public bool IsClosedEverywhere()
    {
        Passed.Dispose();
        byte nothing;
        return IsReadable(milliseconds: 5000) && LibC.Read(LibC.Descriptor(_read), &nothing, 1) == 0;
    }

    public void Dispose()
    {
        Passed.Dispose();
        _read.Dispose();
    }

    private bool IsReadable(int milliseconds)
    {
        var entry = new LibC.PollEntry { Descriptor = LibC.Descriptor(_read), Events = LibC.PollIn };
        return LibC.Poll(&entry, 1, milliseconds) == 1;
    }
}
