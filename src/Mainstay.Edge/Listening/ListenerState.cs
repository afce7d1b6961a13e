namespace Mainstay.Edge.Listening;

/// <summary>What the requests of one listener must know about it.</summary>
internal sealed class ListenerState
{
    private volatile bool _isClosing;

    /// <summary>Answers announce that the connection will be closed: the edge is a lame duck, or this listener goes.</summary>
    public bool IsClosing
    {
        get => _isClosing;
        set => _isClosing = value;
    }
}
