using Mainstay.Resilience.Queues;

namespace Mainstay.Resilience.Tests.Fakes;

/// <summary>What happens to a gate, as chance proposes it. Numbers that do not fit are taken modulo what there is.</summary>
/// <param name="Kind">See <see cref="Move"/>.</param>
/// <param name="Who">Which of the requests that it can happen to.</param>
/// <param name="Route">Of a request that comes.</param>
/// <param name="Class">Of a request that comes.</param>
/// <param name="Patience">Of a request that comes, until its deadline.</param>
/// <param name="Wait">Time that goes by before.</param>
public sealed record GateStep(byte Kind, byte Who, byte Route, byte Class, byte Patience, byte Wait)
{
    /// <summary>Rather more come than leave, so that the gate has something to decide.</summary>
    internal GateMove Move => (Kind % 16) switch
    {
        < 7 => GateMove.Enter,
        < 9 => GateMove.Leave,
        9 => GateMove.Fail,
        10 => GateMove.LeaveQueue,
        11 => GateMove.Abandon,
        12 => GateMove.Suspend,
        13 => GateMove.Resume,
        _ => GateMove.Tick,
    };

    internal Priority Priority => (Priority)(Class % 3);

    /// <summary>Mostly a few milliseconds, at times a pause.</summary>
    internal double Seconds => Wait < 8 ? 0.4 : Wait / 255.0 * 0.02;

    internal double UntilDeadline => Patience < 128 ? 0.005 + (Patience / 128.0 * 0.1) : 5;
}

internal enum GateMove
{
    Enter,
    Leave,
    Fail,
    LeaveQueue,
    Abandon,
    Suspend,
    Resume,
    Tick,
}

/// <summary>The gate that it happens to.</summary>
/// <param name="Limit">Of a fixed gate.</param>
/// <param name="Routes">How many share it.</param>
/// <param name="Places">How many may wait.</param>
/// <param name="IsAdaptive">The limit finds itself.</param>
/// <param name="Observes">The first route is only observed.</param>
public sealed record GateShape(byte Limit, byte Routes, byte Places, bool IsAdaptive, bool Observes)
{
    internal int Most => 1 + (Limit % 12);

    internal int RouteCount => 1 + (Routes % 4);

    internal int PlaceCount => 1 + (Places % 60);
}
