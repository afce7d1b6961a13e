using System.Buffers;
using System.Buffers.Binary;

namespace Mainstay.Edge.Forwarding;

/// <summary>Follows the frames of one direction of a WebSocket (RFC 6455, section 5.2), only to know where one ends and the next begins.</summary>
internal sealed class WebSocketFrames
{
    private readonly byte[] _head = new byte[10];
    private int _headLength;
    private long _payloadLeft;

    /// <summary>Between two frames: a control frame may be put here.</summary>
    public bool IsBoundary => _headLength == 0 && _payloadLeft == 0;

    /// <summary>A close frame has begun: this direction needs no other.</summary>
    public bool HasClosed { get; private set; }

    /// <summary>Follows the bytes; with <paramref name="stop"/>, only up to the first boundary. Answers how many were followed.</summary>
    public long Follow(ReadOnlySequence<byte> bytes, bool stop)
    {
        long followed = 0;
        foreach (var segment in bytes)
        {
            followed += Follow(segment.Span, stop);
            if (stop && IsBoundary)
                break;
        }
        return followed;
    }

    private int Follow(ReadOnlySpan<byte> bytes, bool stop)
    {
        var at = 0;
        while (at < bytes.Length && !(stop && IsBoundary && at > 0))
        {
            if (_payloadLeft > 0)
            {
                var part = (int)Math.Min(_payloadLeft, bytes.Length - at);
                at += part;
                _payloadLeft -= part;
                continue;
            }
            _head[_headLength++] = bytes[at++];
            if (_headLength >= 2 && _headLength == HeadLength)
                BeginPayload();
        }
        return at;
    }

    private int HeadLength => 2 + ((_head[1] & 0x7F) switch { 126 => 2, 127 => 8, _ => 0 });

    private void BeginPayload()
    {
        HasClosed |= (_head[0] & 0x0F) == 8;
        long length = _head[1] & 0x7F;
        if (length == 126)
            length = BinaryPrimitives.ReadUInt16BigEndian(_head.AsSpan(2));
        else if (length == 127)
            length = BinaryPrimitives.ReadInt64BigEndian(_head.AsSpan(2)) & (long.MaxValue >> 1);
        // The mask counts as payload: only the end matters.
        _payloadLeft = length + ((_head[1] & 0x80) != 0 ? 4 : 0);
        _headLength = 0;
    }
}
