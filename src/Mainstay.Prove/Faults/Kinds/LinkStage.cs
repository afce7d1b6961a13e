namespace Mainstay.Prove.Faults.Kinds;

/// <summary>What happens to bytes.</summary>
internal enum Deed
{
    Forward,
    Discard,

    /// <summary>The connection is closed in an orderly way.</summary>
    Finish,

    /// <summary>The connection is reset.</summary>
    Reset,
}

/// <summary>When how many of the bytes that wait may go, and what becomes of them. Several faults together: the latest, the fewest, the worst.</summary>
/// <param name="At">Since the proxy's start; <see cref="TimeSpan.MaxValue"/>: not while the fault is in force.</param>
/// <param name="Most">Bytes that may go at once, at least 1.</param>
internal readonly record struct Passage(TimeSpan At, int Most, Deed Deed = Deed.Forward)
{
    public static Passage Free => new(TimeSpan.Zero, int.MaxValue);

    public static Passage Never => new(TimeSpan.MaxValue, int.MaxValue);

    public Passage And(Passage other) => new(
        At > other.At ? At : other.At,
        Math.Min(Most, other.Most),
        Deed > other.Deed ? Deed : other.Deed);
}

/// <summary>Bytes at the head of the line: when they came, and which read they are part of.</summary>
internal readonly record struct Waiting(TimeSpan Arrived, long Number, int Length);

/// <summary>
/// One fault at work on one connection, one way. It only decides; the link waits and sends. Called under the link's lock; times are since the
/// proxy's start.
/// </summary>
internal abstract class LinkStage
{
    /// <summary>What may become of the bytes that wait; asked again until they are gone, or the faults are others.</summary>
    public virtual Passage Next(in Waiting head, TimeSpan now) => Passage.Free;

    /// <summary>Bytes went, or were dropped.</summary>
    public virtual void Passed(int bytes, TimeSpan now)
    {
    }

    /// <summary>When the end of the stream, which came at <paramref name="arrived"/>, may be passed on.</summary>
    public virtual TimeSpan EndAt(TimeSpan arrived) => TimeSpan.Zero;

    /// <summary>When the connection ends by itself, and how; null: not.</summary>
    public virtual (TimeSpan At, Deed Deed)? Break => null;

    /// <summary>Nobody hears anything any more: when one side gives up, the connection is given up without a word to the other.</summary>
    public virtual bool IsSilent => false;

    /// <summary>Bytes were lost, so the connection cannot go on without it.</summary>
    public virtual bool BreaksWhenRemoved => false;
}
