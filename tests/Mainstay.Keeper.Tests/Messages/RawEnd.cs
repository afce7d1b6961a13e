using Mainstay.Keeper.Messages;
using Mainstay.Keeper.Platform;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Tests.Messages;

/// <summary>The peer's end of a channel, which says what it likes.</summary>
internal sealed unsafe class RawEnd : IDisposable
{
    private readonly SafeFileHandle _socket;

    private RawEnd(SafeFileHandle socket) => _socket = socket;

    public static (MessageChannel Channel, RawEnd Raw) Pair()
    {
        var (channel, socket) = MessageChannel.CreatePair();
        return (channel, new RawEnd(socket));
    }

    /// <summary>Eight bytes as they stand before every body.</summary>
    public static byte[] Head(int length, byte kind = 1, byte descriptors = 0) =>
        [.. BitConverter.GetBytes(length), kind, descriptors, 0, 0];

    /// <summary>All of the bytes in one call, with these descriptors attached.</summary>
    public void Send(ReadOnlySpan<byte> bytes, params ReadOnlySpan<SafeFileHandle> descriptors)
    {
        var control = stackalloc byte[512];
        fixed (byte* first = bytes)
        {
            var piece = new Linux.Piece { Start = first, Length = (nuint)bytes.Length };
            var message = new Linux.MessageHeader { Pieces = &piece, PieceCount = 1 };
            if (descriptors.Length > 0)
            {
                var header = (Linux.ControlHeader*)control;
                header->Length = (nuint)(sizeof(Linux.ControlHeader) + (descriptors.Length * sizeof(int)));
                header->Level = Linux.SocketLevel;
                header->Type = Linux.RightsMessage;
                for (var i = 0; i < descriptors.Length; i++)
                    ((int*)(header + 1))[i] = LibC.Descriptor(descriptors[i]);
                message.Control = control;
                message.ControlLength = header->Length;
            }

            Assert.Equal(bytes.Length, Linux.SendMessage(LibC.Descriptor(_socket), &message, Linux.NoSignal));
        }
    }

    /// <summary>Reads what is there, so that the channel's sends go on; 0 at the end.</summary>
    public int Read(Span<byte> into)
    {
        fixed (byte* first = into)
            return (int)LibC.Read(LibC.Descriptor(_socket), first, (nuint)into.Length);
    }

    public void Dispose() => _socket.Dispose();
}
