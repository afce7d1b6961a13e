namespace Mainstay.Resilience.Limits;

/// <summary>Why a limit is what it is.</summary>
public enum LimitCause
{
    /// <summary>As it began.</summary>
    Initial,

    /// <summary>Requests waited, and nothing was completed by which to judge.</summary>
    Unknown,

    /// <summary>More at once brought more throughput.</summary>
    MoreHelped,

    /// <summary>More at once brought nothing: back.</summary>
    MoreWasUseless,

    /// <summary>Fewer at once cost no throughput.</summary>
    FewerSufficed,

    /// <summary>Fewer at once cost throughput: back.</summary>
    FewerCost,

    /// <summary>Most requests took longer than their clients wait.</summary>
    GivenUp,

    /// <summary>So many were not needed for a while.</summary>
    Unused,
}

/// <param name="From">The limit before.</param>
/// <param name="To">The limit after.</param>
/// <param name="Cause">Why.</param>
/// <param name="Before">Completions per second before it was tried; 0 if not known.</param>
/// <param name="After">Completions per second while it was tried; 0 if not known.</param>
public readonly record struct LimitChange(int From, int To, LimitCause Cause, double Before = 0, double After = 0);
