namespace Mainstay.Prove.Faults.Kinds;

/// <summary>Requests reach the upstream later.</summary>
internal sealed record HttpDelay(RequestFilter Which, TimeSpan Delay) : Fault, IRequestFault
{
    public override string Text => $"{Which.Text}: {Words.Of(Delay)} later";

    public RequestVerdict Verdict => new(Delay: Delay);
}
