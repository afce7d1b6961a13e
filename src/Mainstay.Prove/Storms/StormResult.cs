using System.Collections.Immutable;
using Mainstay.Prove.Storms.Counting;

namespace Mainstay.Prove.Storms;

/// <summary>How a contender came through.</summary>
/// <param name="Contender">Its name.</param>
/// <param name="Seconds">All of the storm.</param>
/// <param name="Acts">What was done to it.</param>
/// <param name="Orders">What its workers carried out.</param>
/// <param name="LagP99">Seconds that 99 % of all requests were sent later than due, at most: the load's own fault.</param>
internal sealed record StormResult(string Contender, ImmutableArray<StormSecond> Seconds, ImmutableArray<ActEvidence> Acts, OrderCount Orders, double LagP99)
{
    public StormScore Score => StormScore.Of(Seconds);
}
