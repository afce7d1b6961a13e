using System.Runtime.InteropServices;

namespace Mainstay.Cli.Terminal;

/// <summary>
/// A standard stream by <c>write(2)</c>. Not <see cref="Console"/>'s stream, which hides that its reader has gone (<c>mainstay logs | head</c>
/// would never end), and not a <see cref="FileStream"/>, which overwrites itself when both streams go to one file.
/// </summary>
internal sealed partial class StandardStream(int descriptor) : IByteSink
{
    private const int Interrupted = 4;
    private const int NoSpace = 28;
    private const short Writable = 4;
    private static readonly int TryAgain = OperatingSystem.IsLinux() ? 11 : 35;

    private volatile bool _gone;

    public bool Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && !_gone)
        {
            var written = SysWrite(descriptor, bytes, bytes.Length);
            if (written >= 0)
            {
                bytes = bytes[(int)written..];
                continue;
            }
            var error = Marshal.GetLastPInvokeError();
            if (error == TryAgain)
                WaitUntilWritable();
            else if (error == NoSpace)
                return true; // a full disk loses these lines; it may have room again for later ones
            else if (error != Interrupted)
                _gone = true; // broken pipe, hung-up terminal: nobody reads this any more
        }
        return !_gone;
    }

    /// <summary>Another process on the same terminal has made it non-blocking.</summary>
    private void WaitUntilWritable()
    {
        var poll = new PollDescriptor { Descriptor = descriptor, Wanted = Writable };
        _ = SysPoll(ref poll, 1, 1000);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int Descriptor;
        public short Wanted;
        public short Seen;
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint SysWrite(int descriptor, ReadOnlySpan<byte> bytes, nint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int SysPoll(ref PollDescriptor descriptors, nuint count, int milliseconds);
}
