using Mainstay.Keeper.Platform;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Output;

/// <summary>The read end of one pipe of a replica. Belongs to the pump's thread.</summary>
internal sealed class OutputStream(SafeFileHandle pipe, IOutputTarget target)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Descriptor { get; } = LibC.Descriptor(pipe);

    /// <summary>Completes when everything was read, or the stream abandoned. Never faults.</summary>
    public Task Ended => _ended.Task;

    public bool HasRoom => target.HasRoom;

    /// <summary>Reads once what is there; false at the end. Only when poll found something, so that it does not block.</summary>
    public unsafe bool ReadOnce(Span<byte> buffer)
    {
        nint count;
        fixed (byte* first = buffer)
            count = LibC.Read(Descriptor, first, (nuint)buffer.Length);
        if (count < 0)
            return System.Runtime.InteropServices.Marshal.GetLastPInvokeError() == LibC.Interrupted;
        if (count == 0)
            return false;
        target.Feed(buffer[..(int)count]);
        return true;
    }

    /// <summary>Passes a last line without line feed on and closes the pipe.</summary>
    public void Close()
    {
        target.End();
        pipe.Dispose();
        _ended.TrySetResult();
    }
}
