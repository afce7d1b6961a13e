using System.Runtime.InteropServices;

namespace Mainstay.Prove.Load.Platform;

/// <summary>A socket that never blocks. Answers of the platform are values: thousands may fail each second. Used by one thread.</summary>
internal unsafe struct TcpSocket
{
    private int _descriptor;

    public static readonly TcpSocket None = new() { _descriptor = -1 };

    public readonly int Descriptor => _descriptor;

    /// <summary>A new socket; false when there are no more descriptors or ports: that is no fault of the server.</summary>
    public static bool TryOpen(Address target, Address? source, out TcpSocket socket)
    {
        socket = new() { _descriptor = LibC.Socket(target.Family, LibC.Stream | LibC.NonBlocking | LibC.CloseOnExec, 0) };
        if (socket._descriptor < 0)
            return false;
        socket.Turn(LibC.TcpLevel, LibC.NoDelay);
        if (source is null)
            return true;
        socket.Turn(LibC.IpLevel, LibC.BindAddressOnly);
        fixed (byte* address = source.Bytes)
        {
            if (LibC.Bind(socket._descriptor, address, (uint)source.Bytes.Length) == 0)
                return true;
        }
        socket.Close();
        return false;
    }

    /// <summary>0: connected; otherwise the platform's error, <see cref="LibC.InProgress"/> while it goes on.</summary>
    public readonly int Connect(Address target)
    {
        fixed (byte* address = target.Bytes)
            return LibC.Connect(_descriptor, address, (uint)target.Bytes.Length) == 0 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>How connecting ended; 0: well.</summary>
    public readonly int TakeError()
    {
        var error = 0;
        var length = (uint)sizeof(int);
        return LibC.GetOption(_descriptor, LibC.SocketLevel, LibC.SocketError, &error, &length) == 0 ? error : Marshal.GetLastPInvokeError();
    }

    /// <summary>Bytes taken, or the platform's error, negative.</summary>
    public readonly int Send(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            var sent = (int)LibC.Send(_descriptor, first, (nuint)bytes.Length, LibC.NoSignal);
            return sent >= 0 ? sent : -Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>Bytes read, 0 at the end, or the platform's error, negative.</summary>
    public readonly int Receive(Span<byte> bytes)
    {
        fixed (byte* first = bytes)
        {
            var read = (int)LibC.Receive(_descriptor, first, (nuint)bytes.Length, 0);
            return read >= 0 ? read : -Marshal.GetLastPInvokeError();
        }
    }

    public void Close()
    {
        if (_descriptor >= 0)
            _ = LibC.Close(_descriptor);
        _descriptor = -1;
    }

    private readonly void Turn(int level, int option)
    {
        var on = 1;
        _ = LibC.SetOption(_descriptor, level, option, &on, sizeof(int));
    }
}
