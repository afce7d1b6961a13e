namespace Mainstay.Prove.Faults.Kinds;

/// <summary>
/// Bytes are dropped, and the connection is closed after a time, or when the fault is lifted: bytes are missing then. For a network that is only
/// silent see <see cref="Blackhole"/>.
/// </summary>
/// <param name="CloseAfter">Since the connection, or the fault on a live one; null: stays open while the fault is in force.</param>
internal sealed record Stall(TimeSpan? CloseAfter = null) : Fault, ILinkFault
{
    public override string Text => CloseAfter is { } after ? $"nothing passes, closed after {Words.Of(after)}" : "nothing passes";

    public LinkStage Begin(TimeSpan now, Random chance) => new Stage(this, now);

    private sealed class Stage(Stall fault, TimeSpan start) : LinkStage
    {
        public override bool IsSilent => true;

        public override bool BreaksWhenRemoved => true;

        public override (TimeSpan At, Deed Deed)? Break => fault.CloseAfter is { } after ? (start + after, Deed.Finish) : null;

        public override Passage Next(in Waiting head, TimeSpan now) => new(TimeSpan.Zero, int.MaxValue, Deed.Discard);

        public override TimeSpan EndAt(TimeSpan arrived) => TimeSpan.MaxValue;
    }
}
