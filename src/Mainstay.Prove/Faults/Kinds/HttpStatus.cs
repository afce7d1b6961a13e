namespace Mainstay.Prove.Faults.Kinds;

/// <summary>Requests are answered with a status by the proxy; the upstream does not see them.</summary>
/// <param name="Status">From 200 to 599.</param>
internal sealed record HttpStatus(RequestFilter Which, int Status) : Fault, IRequestFault
{
    public override string Text => $"{Which.Text}: status {Status}";

    public RequestVerdict Verdict => new(Status: Status);
}
