namespace Mainstay.Keeper.Messages;

/// <summary>What a core and its keeper say to each other. Numbers stay: a core may be newer than its keeper.</summary>
internal enum MessageKind : byte
{
    /// <summary>Core: the version it speaks. Answered by the inventory and <see cref="Welcome"/>.</summary>
    Hello = 1,

    /// <summary>Core: request, state folder. Answered by <see cref="Done"/> or <see cref="Refused"/>.</summary>
    Home = 2,

    /// <summary>Core: key; one descriptor to keep under it.</summary>
    Hold = 3,

    /// <summary>Core: key of a descriptor that is not needed any more.</summary>
    Release = 4,

    /// <summary>Core: request, what to start. Answered by <see cref="Launched"/> or <see cref="Refused"/>.</summary>
    Launch = 5,

    /// <summary>Core: process, signal.</summary>
    Signal = 6,

    /// <summary>Core: process, its own words about it.</summary>
    Label = 7,

    /// <summary>Core: process that has ended and whose output has been read.</summary>
    Forget = 8,

    /// <summary>Core: key, bytes to remember; no bytes: forget them.</summary>
    Note = 9,

    /// <summary>Core: text for the service manager.</summary>
    Notify = 10,

    /// <summary>Core: it serves from now on.</summary>
    Serving = 11,

    /// <summary>Successor: it could take over.</summary>
    Prepared = 12,

    /// <summary>Core: it supervises nothing any more; a successor may.</summary>
    HandedOver = 13,

    /// <summary>Core: words of the program that is to take its place.</summary>
    Upgrade = 14,

    /// <summary>Core: exit code; everything is to end.</summary>
    End = 15,

    /// <summary>Core: a sign of life.</summary>
    Alive = 16,

    /// <summary>Core: a person asked it for the end; should it die before that, the next one is to go on with it.</summary>
    StopAsked = 17,

    /// <summary>Keeper: key; the descriptor.</summary>
    Held = 64,

    /// <summary>Keeper: a process with its state; the two streams of its output.</summary>
    Process = 65,

    /// <summary>Keeper: key, bytes.</summary>
    Noted = 66,

    /// <summary>Keeper: the inventory is complete; whether it is a successor, a stop signal or 0, whether no other core runs; the doorbell of the output.</summary>
    Welcome = 67,

    /// <summary>Keeper: request, process, pid; the two streams of its output.</summary>
    Launched = 68,

    /// <summary>Keeper: request, why not.</summary>
    Refused = 69,

    /// <summary>Keeper: request.</summary>
    Done = 70,

    /// <summary>Keeper: process, how it ended.</summary>
    Exited = 71,

    /// <summary>Keeper: signal by which a person, or the service manager, asked for the end.</summary>
    Stop = 72,

    /// <summary>Keeper: a successor is prepared; let go of everything but what is in flight.</summary>
    HandOver = 73,

    /// <summary>Keeper: the inventory before it is yours from now on.</summary>
    TakeOver = 74,

    /// <summary>Keeper: the successor serves; finish what is in flight and go.</summary>
    Leave = 75,

    /// <summary>Keeper: why the successor does not take over. What was handed over comes back by <see cref="TakeOver"/>.</summary>
    UpgradeFailed = 76,

    /// <summary>Keeper: the last of the cores before this one has gone, and with it the last requests that it served.</summary>
    Alone = 77,
}
