namespace Mainstay.Prove.Faults.Kinds;

/// <summary>Everything comes later, in order; how much can be under way is bounded only by the proxy's buffer (1 MiB), not by the latency.</summary>
/// <param name="Delay">Of each piece, also of the end of the stream.</param>
/// <param name="Jitter">Evenly drawn from −<paramref name="Jitter"/> to +<paramref name="Jitter"/>, for each piece; never before it came.</param>
internal sealed record Latency(TimeSpan Delay, TimeSpan Jitter = default) : Fault, ILinkFault
{
    public override string Text => Jitter > TimeSpan.Zero ? $"latency of {Words.Of(Delay)} ± {Words.Of(Jitter)}" : $"latency of {Words.Of(Delay)}";

    public LinkStage Begin(TimeSpan now, Random chance) => new Stage(this, chance);

    private sealed class Stage(Latency fault, Random chance) : LinkStage
    {
        private long _number = -1;
        private TimeSpan _delay;

        public override Passage Next(in Waiting head, TimeSpan now)
        {
            if (_number != head.Number)
            {
                _number = head.Number;
                _delay = fault.Delay + (fault.Jitter * ((chance.NextDouble() * 2) - 1));
            }
            return new(head.Arrived + _delay, int.MaxValue);
        }

        public override TimeSpan EndAt(TimeSpan arrived) => arrived + fault.Delay;
    }
}
