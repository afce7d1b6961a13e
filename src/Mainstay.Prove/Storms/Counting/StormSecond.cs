namespace Mainstay.Prove.Storms.Counting;

/// <summary>What became of the requests that were due in one second.</summary>
/// <param name="Index">0 is the storm's first second.</param>
/// <param name="Due">All of them.</param>
/// <param name="Good">Answered well within 1 s.</param>
/// <param name="Slow">Answered well, later.</param>
/// <param name="Refused">During the overload: refused within 50 ms, with word of when to come again.</param>
/// <param name="Failed">Everything else: errors, resets, no answer within the client's patience, refusals that were late or not called for.</param>
internal sealed record StormSecond(int Index, int Due, int Good, int Slow, int Refused, int Failed)
{
    /// <summary>Nobody had a reason to complain. A second without requests shows nothing, and does not count.</summary>
    public bool IsGood => Due > 0 && Slow == 0 && Failed == 0;
}
