namespace Mainstay.Prove.Faults.Kinds;

/// <summary>The end of the stream is passed on later.</summary>
internal sealed record SlowClose(TimeSpan Delay) : Fault, ILinkFault
{
    public override string Text => $"close delayed by {Words.Of(Delay)}";

    public LinkStage Begin(TimeSpan now, Random chance) => new Stage(this);

    private sealed class Stage(SlowClose fault) : LinkStage
    {
        public override TimeSpan EndAt(TimeSpan arrived) => arrived + fault.Delay;
    }
}
