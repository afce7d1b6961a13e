namespace Mainstay.Prove.Faults.Kinds;

/// <summary>After so many bytes the connection is closed in an orderly way.</summary>
/// <param name="Bytes">For each connection, counted from when the fault is in force; 0 closes at once.</param>
internal sealed record LimitBytes(long Bytes) : Fault, ILinkFault
{
    public override string Text => $"closed after {Words.Bytes(Bytes)}";

    public LinkStage Begin(TimeSpan now, Random chance) => new Stage(this);

    private sealed class Stage(LimitBytes fault) : LinkStage
    {
        private long _left = fault.Bytes;

        public override (TimeSpan At, Deed Deed)? Break => _left <= 0 ? (TimeSpan.Zero, Deed.Finish) : null;

        public override Passage Next(in Waiting head, TimeSpan now) => new(TimeSpan.Zero, (int)Math.Clamp(_left, 1, int.MaxValue));

        public override void Passed(int bytes, TimeSpan now) => _left -= bytes;
    }
}
