namespace Mainstay.Edge.Balancing;

/// <summary>What a flight says about its upstream.</summary>
/// <param name="Verdict">Success, failure, overtaken, or nothing (the client left, the client's body broke).</param>
/// <param name="Answered">A byte of an answer came back, whatever it said.</param>
/// <param name="Latency">Seconds until the head of the answer; NaN if there was none.</param>
/// <param name="Penalty">Seconds that it counts as at least; 0 for none.</param>
internal readonly record struct FlightOutcome(FlightVerdict Verdict, bool Answered, double Latency, double Penalty)
{
    /// <summary>A fast failure must not attract traffic.</summary>
    public const double LeastPenalty = 5;

    /// <summary>No connection could be made.</summary>
    public bool IsUnreachable { get; init; }

    public static FlightOutcome Ignored => new(FlightVerdict.Ignored, false, double.NaN, 0);

    public static FlightOutcome Success(double latency) => new(FlightVerdict.Success, true, latency, 0);

    /// <summary>Given up after so many seconds because another attempt was quicker: its latency is not known, but no less.</summary>
    public static FlightOutcome Overtaken(bool answered, double elapsed) => new(FlightVerdict.Overtaken, answered, double.NaN, elapsed);

    public static FlightOutcome Unreachable => Failure(answered: false) with { IsUnreachable = true };

    public static FlightOutcome Failure(bool answered, double penalty = LeastPenalty) => new(FlightVerdict.Failure, answered, double.NaN, penalty);
}

internal enum FlightVerdict
{
    Ignored,
    Success,
    Failure,
    Overtaken,
}
