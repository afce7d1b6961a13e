namespace Mainstay.Prove.Faults.Kinds;

/// <summary>What was sent in one piece comes in many small ones.</summary>
/// <param name="AverageSize">Bytes, at least 1.</param>
/// <param name="Variation">Bytes up and down, evenly drawn; a piece has at least 1.</param>
/// <param name="Gap">Pause between pieces; rounded up to a millisecond.</param>
internal sealed record Slicing(int AverageSize, int Variation = 0, TimeSpan Gap = default) : Fault, ILinkFault
{
    public override string Text => $"slices of {AverageSize} ± {Variation} bytes, {Words.Of(Gap)} apart";

    public LinkStage Begin(TimeSpan now, Random chance) => new Stage(this, chance);

    private sealed class Stage(Slicing fault, Random chance) : LinkStage
    {
        private int _size = Draw(fault, chance);
        private TimeSpan _next;

        public override Passage Next(in Waiting head, TimeSpan now) => new(_next, _size);

        public override void Passed(int bytes, TimeSpan now)
        {
            _next = now + fault.Gap;
            _size = Draw(fault, chance);
        }

        private static int Draw(Slicing fault, Random chance) =>
            (int)Math.Clamp(fault.AverageSize + (fault.Variation * ((chance.NextDouble() * 2) - 1)), 1, int.MaxValue);
    }
}
