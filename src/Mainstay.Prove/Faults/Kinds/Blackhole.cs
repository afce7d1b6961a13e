namespace Mainstay.Prove.Faults.Kinds;

/// <summary>
/// Connections are accepted and nothing comes through, either way, as when a network swallows packets: what was sent waits, and goes on when the
/// fault is lifted. Live connections go silent, too.
/// </summary>
internal sealed record Blackhole : Fault, ILinkFault
{
    public Blackhole() => Flow = Flow.Both;

    public override string Text => "blackhole";

    public LinkStage Begin(TimeSpan now, Random chance) => new Stage();

    private sealed class Stage : LinkStage
    {
        public override bool IsSilent => true;

        public override Passage Next(in Waiting head, TimeSpan now) => Passage.Never;

        public override TimeSpan EndAt(TimeSpan arrived) => TimeSpan.MaxValue;
    }
}
