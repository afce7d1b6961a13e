using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Prove.Load.Platform;

/// <summary>Waits for many sockets at once, each change told once (edge-triggered). Used by one thread.</summary>
internal sealed unsafe class Epoll : IDisposable
{
    public const uint Readable = 1;
    public const uint Writable = 4;

    /// <summary>The other side sends no more, or the connection is broken: read to the end.</summary>
    public const uint Ended = 0x2000 | Broken;

    private const uint Broken = 0x8 | 0x10;
    private const uint EdgeTriggered = 1u << 31;
    private const int Most = 128;
    private const int Add = 1;

    // The kernel's structure is packed on x64 and nowhere else.
    private static readonly int TagOffset = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 4 : 8;
    private static readonly int EntryBytes = TagOffset + 8;

    private readonly SafeFileHandle _handle;
    private readonly int _descriptor;
    private readonly byte[] _entries = GC.AllocateArray<byte>(Most * EntryBytes, pinned: true);

    public Epoll()
    {
        _descriptor = LibC.CreateEpoll(LibC.CloseOnExec);
        _handle = new(_descriptor, ownsHandle: true);
        if (_descriptor < 0)
            throw new IOException($"the load cannot wait for sockets: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
    }

    /// <summary>Until it is closed. Every event comes with the tag.</summary>
    public bool Watch(int descriptor, ulong tag)
    {
        var entry = stackalloc byte[EntryBytes];
        Unsafe.WriteUnaligned(entry, Readable | Writable | 0x2000 | EdgeTriggered);
        Unsafe.WriteUnaligned(entry + TagOffset, tag);
        return LibC.ControlEpoll(_descriptor, Add, descriptor, entry) == 0;
    }

    /// <summary>How many events there are after <paramref name="microseconds"/> at most, read by <see cref="At"/>.</summary>
    public int Wait(long microseconds)
    {
        // epoll_wait counts in milliseconds; the newer call that does not is missing from older C libraries.
        if (microseconds > 0)
        {
            var entry = new LibC.PollEntry { Descriptor = _descriptor, Events = 1 };
            var (seconds, rest) = Math.DivRem(microseconds, 1_000_000);
            var limit = new LibC.TimeSpec { Seconds = (nint)seconds, Nanoseconds = (nint)(rest * 1000) };
            if (LibC.Poll(&entry, 1, &limit, null) <= 0)
                return 0;
        }
        fixed (byte* entries = _entries)
            return Math.Max(0, LibC.WaitEpoll(_descriptor, entries, Most, 0));
    }

    public (uint Events, ulong Tag) At(int i)
    {
        var entry = _entries.AsSpan(i * EntryBytes, EntryBytes);
        return (BitConverter.ToUInt32(entry), BitConverter.ToUInt64(entry[TagOffset..]));
    }

    public void Dispose() => _handle.Dispose();
}
