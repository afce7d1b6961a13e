namespace Mainstay.Resilience.Breakers;

/// <summary>What a breaker says to a request.</summary>
public enum BreakerEntry
{
    /// <summary>It may go: nothing is wrong.</summary>
    Closed,

    /// <summary>It may go, as the single trial that shows whether the upstream has recovered.</summary>
    Trial,

    /// <summary>It may not: refuse it at once.</summary>
    Open,

    /// <summary>It may go, to wait for an upstream that is about to come: its success closes the breaker, its failure says nothing.</summary>
    Held,
}

/// <summary>Kept by whoever entered, and handed back with the outcome.</summary>
/// <param name="Entry">What was said.</param>
/// <param name="Turn">Tells outcomes that come late from those that count.</param>
public readonly record struct BreakerPass(BreakerEntry Entry, int Turn)
{
    public bool MayGo => Entry != BreakerEntry.Open;
}
