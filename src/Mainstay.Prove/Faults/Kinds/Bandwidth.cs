namespace Mainstay.Prove.Faults.Kinds;

/// <summary>At most so many bytes a second, for each connection.</summary>
/// <param name="BytesPerSecond">Above 0.</param>
internal sealed record Bandwidth(double BytesPerSecond) : Fault, ILinkFault
{
    /// <summary>What goes at once is what is due in this time: small enough to look even, large enough for timers.</summary>
    private const double StepSeconds = 0.02;

    /// <summary>A timer that is late is made up for, up to this; a pause of the sender is not.</summary>
    private static readonly TimeSpan CatchUp = TimeSpan.FromMilliseconds(50);

    public override string Text => $"bandwidth of {Words.Bytes(BytesPerSecond)}/s";

    public LinkStage Begin(TimeSpan now, Random chance) => new Stage(this, now);

    private sealed class Stage(Bandwidth fault, TimeSpan now) : LinkStage
    {
        private readonly int _step = (int)Math.Clamp(fault.BytesPerSecond * StepSeconds, 1, 1 << 20);
        private TimeSpan _free = now;

        public override Passage Next(in Waiting head, TimeSpan now) => new(_free, _step);

        public override void Passed(int bytes, TimeSpan now)
        {
            var earliest = now - CatchUp;
            _free = (_free > earliest ? _free : earliest) + TimeSpan.FromSeconds(bytes / fault.BytesPerSecond);
        }
    }
}
