namespace Mainstay.Prove.Recording;

/// <summary>What the load generator says of itself, second by second: whether it kept its schedule.</summary>
/// <param name="At">Start of the second, microseconds since the history's start.</param>
/// <param name="Scheduled">Requests that were due.</param>
/// <param name="Sent">Requests that were sent.</param>
/// <param name="LagP99">Microseconds that 99 % were sent later than due, at most.</param>
/// <param name="LagMax">The latest.</param>
internal sealed record LoadSecond(long At, int Scheduled, int Sent, long LagP99, long LagMax);
