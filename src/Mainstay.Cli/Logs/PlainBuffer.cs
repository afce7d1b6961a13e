using System.Runtime.InteropServices;

namespace Mainstay.Cli.Logs;

/// <summary>Zeros outside of the collected heap: 8 MiB for each service cost nothing until they are written to.</summary>
internal sealed unsafe class PlainBuffer : SafeBuffer
{
    public PlainBuffer(long size)
        : base(ownsHandle: true)
    {
        SetHandle((nint)NativeMemory.AllocZeroed((nuint)size));
        Initialize((ulong)size);
    }

    protected override bool ReleaseHandle()
    {
        NativeMemory.Free((void*)handle);
        return true;
    }
}
