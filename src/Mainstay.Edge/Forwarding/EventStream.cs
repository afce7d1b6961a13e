using System.Text;
using Mainstay.Edge.Balancing;
using Mainstay.Edge.Exchanges;

namespace Mainstay.Edge.Forwarding;

/// <summary>
/// Server-sent events on their way to the client. When their replica is drained the stream ends cleanly behind a whole event (a blank
/// line), so that the client comes back by itself, to another replica.
/// </summary>
internal sealed class EventStream : IEndsOnDrain
{
    private const int Busy = 0;
    private const int Resting = 1;
    private const int Ended = 2;

    private readonly Leg _leg;
    private readonly long _turn;
    private readonly bool _isEncoded;
    private int _state;
    private volatile bool _told;
    private bool _isLineEmpty = true;
    private bool _isBoundary = true;
    private bool _afterReturn;

    private EventStream(Leg leg, bool isEncoded)
    {
        _leg = leg;
        _turn = leg.Turn;
        _isEncoded = isEncoded;
    }

    /// <summary>It was ended while it waited for the next event.</summary>
    public bool HasEnded => Volatile.Read(ref _state) == Ended;

    /// <summary>One for an answer that is an event stream; else null.</summary>
    public static EventStream? IfAny(Passage passage, HeaderBlock headers)
    {
        if (!headers.TryGet(HeaderId.ContentType, out var type) || type.Length < 17 || !Ascii.EqualsIgnoreCase(type[..17], "text/event-stream"u8))
            return null;
        var stream = new EventStream(passage.Leg, headers.Has(HeaderId.ContentEncoding));
        passage.Leg.EndsOnDrain(stream);
        return stream;
    }

    public void TellToEnd()
    {
        _told = true;
        if (Interlocked.CompareExchange(ref _state, Ended, Resting) == Resting)
            _leg.Cut(_turn, CutCause.StreamEnd);
    }

    /// <summary>Before the wait for the next piece. False: the stream ends here.</summary>
    public bool TryRest()
    {
        if (!_isBoundary && !_isEncoded)
            return true; // inside an event: nobody may end it now
        Interlocked.Exchange(ref _state, Resting);
        return !_told || Interlocked.CompareExchange(ref _state, Ended, Resting) != Resting;
    }

    /// <summary>After the wait. False: it was ended meanwhile, and the piece comes too late.</summary>
    public bool TryWake()
    {
        if (!_isBoundary && !_isEncoded)
            return true;
        return Interlocked.CompareExchange(ref _state, Busy, Resting) == Resting;
    }

    /// <summary>How much of the piece to pass on: all of it, or, when the stream is to end, up to the first blank line.</summary>
    public int Take(ReadOnlySpan<byte> piece)
    {
        for (var i = 0; i < piece.Length; i++)
        {
            Feed(piece[i]);
            if (_told && _isBoundary && !_isEncoded)
                return i + 1;
        }
        return piece.Length;
    }

    /// <summary>Lines end with LF, CR or both; an empty one ends an event.</summary>
    private void Feed(byte next)
    {
        if (next == '\n' && _afterReturn)
        {
            _afterReturn = false; // the second half of a line end: changes nothing
            return;
        }
        _afterReturn = next == '\r';
        if (next is (byte)'\n' or (byte)'\r')
        {
            _isBoundary = _isLineEmpty;
            _isLineEmpty = true;
        }
        else
        {
            _isBoundary = _isLineEmpty = false;
        }
    }
}
