using System.Runtime.InteropServices;
using Mainstay.Keeper.Platform;
using Microsoft.Win32.SafeHandles;

namespace Mainstay.Keeper.Messages;

/// <summary>
/// One end of the socket between a core and its keeper: messages, each with up to <see cref="MostDescriptors"/> open descriptors.
/// Sending is safe from any thread; one thread receives.
/// </summary>
internal sealed unsafe class MessageChannel(SafeFileHandle socket) : IDisposable
{
    public const int MostDescriptors = 4;

    /// <summary>Bytes of a body; an environment or a manifest is far smaller.</summary>
    private const int LongestBody = 16 << 20;

    /// <summary>Length of the body (4 bytes), kind, number of descriptors, two bytes unused.</summary>
    private const int HeadSize = 8;

    /// <summary>A peer that takes nothing for so long hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _sending = new();
    private bool _broken;

    public static (MessageChannel Ours, SafeFileHandle Theirs) CreatePair()
    {
        var (ours, theirs) = Linux.ConnectedSockets(Patience);
        return (new(ours), theirs);
    }

    /// <summary>
    /// False when the peer has gone, or reads nothing any more: then nothing more is sent. What no message can carry, more descriptors than
    /// <see cref="MostDescriptors"/> or a longer body than 16 MiB, is an <see cref="ArgumentOutOfRangeException"/>, and nothing is sent.
    /// </summary>
    public bool TrySend(MessageKind kind, ReadOnlyMemory<byte> body, params ReadOnlySpan<SafeFileHandle> descriptors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(body.Length, LongestBody);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Length, MostDescriptors);
        var bytes = new byte[HeadSize + body.Length];
        BitConverter.TryWriteBytes(bytes, body.Length);
        bytes[4] = (byte)kind;
        bytes[5] = (byte)descriptors.Length;
        body.Span.CopyTo(bytes.AsSpan(HeadSize));
        lock (_sending)
        {
            if (_broken || socket.IsClosed)
                return false;
            // A message that was begun and cannot be finished leaves nothing that could be understood.
            _broken = !SendNeedsLock(bytes, descriptors);
            return !_broken;
        }
    }

    /// <summary>The peer said what cannot be understood; nothing more will be heard of it, though it may not have gone.</summary>
    public bool IsGarbled { get; private set; }

    /// <summary>Waits for the next message; null once the peer has gone or says what cannot be understood.</summary>
    public Message? Receive()
    {
        var descriptors = new List<SafeFileHandle>();
        if (ReceiveOne(descriptors) is { } message)
            return message;
        descriptors.ForEach(descriptor => descriptor.Dispose());
        return null;
    }

    /// <summary>Both directions end; whoever receives learns it.</summary>
    public void Close()
    {
        if (!socket.IsClosed)
            _ = Linux.Shutdown(LibC.Descriptor(socket), 2);
    }

    public void Dispose() => socket.Dispose();

    private bool SendNeedsLock(byte[] bytes, ReadOnlySpan<SafeFileHandle> descriptors)
    {
        var control = stackalloc byte[sizeof(Linux.ControlHeader) + (MostDescriptors * sizeof(int))];
        fixed (byte* first = bytes)
        {
            var sent = 0;
            while (sent < bytes.Length)
            {
                var piece = new Linux.Piece { Start = first + sent, Length = (nuint)(bytes.Length - sent) };
                var message = new Linux.MessageHeader { Pieces = &piece, PieceCount = 1 };
                if (sent == 0 && descriptors.Length > 0)
                    Attach(descriptors, control, ref message);
                var count = Linux.SendMessage(LibC.Descriptor(socket), &message, Linux.NoSignal);
                if (count < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted)
                    continue;
                if (count <= 0)
                    return false;
                sent += (int)count;
            }
        }

        return true;
    }

    private static void Attach(ReadOnlySpan<SafeFileHandle> descriptors, byte* control, ref Linux.MessageHeader message)
    {
        var header = (Linux.ControlHeader*)control;
        header->Length = (nuint)(sizeof(Linux.ControlHeader) + (descriptors.Length * sizeof(int)));
        header->Level = Linux.SocketLevel;
        header->Type = Linux.RightsMessage;
        var numbers = (int*)(header + 1);
        for (var i = 0; i < descriptors.Length; i++)
            numbers[i] = LibC.Descriptor(descriptors[i]);
        message.Control = control;
        message.ControlLength = header->Length;
    }

    private Message? ReceiveOne(List<SafeFileHandle> descriptors)
    {
        Span<byte> head = stackalloc byte[HeadSize];
        if (!ReceiveWhole(head, descriptors))
            return null;
        var length = BitConverter.ToInt32(head);
        if (length is < 0 or > LongestBody)
        {
            IsGarbled = true;
            return null;
        }

        var body = new byte[length];
        if (!ReceiveWhole(body, descriptors))
            return null;
        IsGarbled = descriptors.Count != head[5];
        return IsGarbled ? null : new((MessageKind)head[4], body, [.. descriptors]);
    }

    private bool ReceiveWhole(Span<byte> bytes, List<SafeFileHandle> descriptors)
    {
        var control = stackalloc byte[256];
        fixed (byte* first = bytes)
        {
            var received = 0;
            while (received < bytes.Length)
            {
                var piece = new Linux.Piece { Start = first + received, Length = (nuint)(bytes.Length - received) };
                var message = new Linux.MessageHeader { Pieces = &piece, PieceCount = 1, Control = control, ControlLength = 256 };
                var count = Linux.ReceiveMessage(LibC.Descriptor(socket), &message, Linux.ReceiveCloseOnExec);
                if (count < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted)
                    continue;
                if (count <= 0)
                    return false;
                received += (int)count;
                Collect(message, descriptors);
            }
        }

        return true;
    }

    private static void Collect(in Linux.MessageHeader message, List<SafeFileHandle> descriptors)
    {
        var at = (byte*)message.Control;
        var end = at + message.ControlLength;
        while (at + sizeof(Linux.ControlHeader) <= end)
        {
            var header = (Linux.ControlHeader*)at;
            if (header->Length < (nuint)sizeof(Linux.ControlHeader))
                return;
            if (header->Level == Linux.SocketLevel && header->Type == Linux.RightsMessage)
            {
                var numbers = (int*)(header + 1);
                for (var i = 0; (byte*)(numbers + i + 1) <= at + header->Length; i++)
                    descriptors.Add(new(numbers[i], ownsHandle: true));
            }

            at += (header->Length + (nuint)(sizeof(nuint) - 1)) & ~(nuint)(sizeof(nuint) - 1);
        }
    }
}
