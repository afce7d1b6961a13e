namespace Mainstay.Edge;

/// <summary>A listener could not be bound; the message says which, why and what to do, in one line.</summary>
public sealed class ListenException(string message) : Exception(message)
{
    /// <summary>Somebody else, or another listener of ours, has the port.</summary>
    internal bool IsPortTaken { get; init; }
}
