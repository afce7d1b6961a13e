namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>What a request counts as.</summary>
internal enum Outcome
{
    Success,
    Failure,

    /// <summary>Cut off by the end of the load, or refused on purpose where that is allowed: it says nothing.</summary>
    Neither,
}
