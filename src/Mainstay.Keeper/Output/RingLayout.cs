namespace Mainstay.Keeper.Output;

/// <summary>
/// Where things stand in the file that holds the newest output of one stream. The keeper writes it; whichever core there is reads it and notes
/// how far. Positions count the stream's bytes from its start; a byte stands at its position modulo <see cref="Capacity"/>.
/// </summary>
internal static class RingLayout
{
    public const int Capacity = 1 << 20;

    /// <summary>The most that the keeper writes before it says so. Of the oldest bytes so many may be half overwritten already: they are not read.</summary>
    public const int Piece = 64 * 1024;

    /// <summary>Keeper: bytes written so far, and behind it the number of marks. Written in one piece, after the bytes themselves.</summary>
    public const int Head = 0;

    /// <summary>Core: bytes passed on for good. What a later core begins with.</summary>
    public const int Taken = 16;

    /// <summary>Core: bytes read. What is not read yet is overwritten only when nobody reads.</summary>
    public const int Read = 24;

    /// <summary>Keeper: pairs of a position and the time (UTC ticks) at which the bytes from there on were read, the newest overwriting the oldest.</summary>
    public const int Marks = 32;

    public const int MarkSize = 16;

    public const int MarkCount = (Data - Marks) / MarkSize;

    /// <summary>Where the bytes begin.</summary>
    public const int Data = 4096;

    public const long FileSize = Data + Capacity;
}
