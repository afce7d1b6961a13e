namespace Mainstay.Prove.Faults.Kinds;

/// <summary>Connections are reset (RST): at once, after a time, or in the middle of what passes.</summary>
/// <param name="After">Since the connection, or the fault on a live one; zero: at once. Null: no time.</param>
/// <param name="AfterBytes">So many bytes pass whole, the next one resets; 0: the first one does. Null: not by bytes.</param>
internal sealed record Reset(TimeSpan? After = null, long? AfterBytes = null) : Fault, ILinkFault
{
    public override string Text => AfterBytes is { } bytes ? $"reset after {Words.Bytes(bytes)}" : After > TimeSpan.Zero ? $"reset after {Words.Of(After.Value)}" : "reset";

    public LinkStage Begin(TimeSpan now, Random chance) => new Stage(this, now);

    private sealed class Stage(Reset fault, TimeSpan start) : LinkStage
    {
        private long _left = fault.AfterBytes ?? long.MaxValue;

        public override (TimeSpan At, Deed Deed)? Break =>
            fault.After is { } after ? (start + after, Deed.Reset) : fault.AfterBytes is null ? (start, Deed.Reset) : null;

        public override Passage Next(in Waiting head, TimeSpan now) =>
            _left > 0 ? new(TimeSpan.Zero, (int)Math.Min(_left, int.MaxValue)) : new(TimeSpan.Zero, int.MaxValue, Deed.Reset);

        public override void Passed(int bytes, TimeSpan now) => _left -= bytes;
    }
}
