namespace Mainstay.Prove.Faults.Requests.Malformed;

/// <summary>What a server did about one malformed request.</summary>
/// <param name="Request">Which one.</param>
/// <param name="Status">Of the first answer; 0: closed without one.</param>
/// <param name="Answers">How many answers came: above 1, it saw a second request.</param>
/// <param name="Hung">Neither answered nor closed within the limit.</param>
/// <param name="Unreachable">It could not be connected to: what came before may have ended it.</param>
/// <param name="Elapsed">Until the first answer or the close.</param>
internal sealed record MalformedEvidence(MalformedRequest Request, int Status, int Answers, bool Hung, bool Unreachable, TimeSpan Elapsed)
{
    /// <summary>Whether the upstream saw the canary is for the upstream to say.</summary>
    public bool IsAcceptable => !Hung && !Unreachable && Answers <= 1 && Request.Accepts(Status);

    public string Text => Unreachable ? $"{Request.Name}: cannot connect"
        : Hung ? $"{Request.Name}: neither answered nor closed within {Elapsed.TotalSeconds:0.#} s"
        : Answers > 1 ? $"{Request.Name}: {Answers} answers to one request"
        : Status == 0 ? $"{Request.Name}: closed"
        : $"{Request.Name}: {Status}";
}
