namespace Mainstay.Prove.Recording;

/// <summary>How a request of the load ended. The numbers are written to disk and stay.</summary>
internal enum Fate : byte
{
    /// <summary>A whole answer came; <see cref="Sample.Status"/> says which.</summary>
    Answered = 0,

    /// <summary>It could not be sent when it was due: no connection was free. Counts as failed, so that a slow server cannot hide it.</summary>
    NotSent = 1,

    /// <summary>The connection was refused.</summary>
    Refused = 2,

    /// <summary>The connection ended or was reset before the answer was whole.</summary>
    Reset = 3,

    /// <summary>No whole answer within the client's own patience.</summary>
    TimedOut = 4,

    /// <summary>What came was no HTTP.</summary>
    Malformed = 5,

    /// <summary>The load ended, or was told to, before the answer came: neither a success nor a failure.</summary>
    Cut = 6,
}
