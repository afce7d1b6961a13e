namespace Mainstay.Prove.Load.Http1;

internal enum ConnectionState
{
    Closed,

    /// <summary>It has a request, which waits for the connection to be made.</summary>
    Connecting,

    /// <summary>A request is being sent or its answer awaited.</summary>
    Busy,

    /// <summary>Kept alive, without a request.</summary>
    Resting,
}
