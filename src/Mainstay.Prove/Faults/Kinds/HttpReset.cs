namespace Mainstay.Prove.Faults.Kinds;

/// <summary>The upstream gets the request; the client is reset in the middle of the answer.</summary>
/// <param name="AfterBytes">Of the answer, its head included, that the client still gets; 0: it is reset when the answer begins.</param>
internal sealed record HttpReset(RequestFilter Which, long AfterBytes) : Fault, IRequestFault
{
    public override string Text => $"{Which.Text}: reset after {Words.Bytes(AfterBytes)} of the answer";

    public RequestVerdict Verdict => new(ResetAfter: AfterBytes);
}
