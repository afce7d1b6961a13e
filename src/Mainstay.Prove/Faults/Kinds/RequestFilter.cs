namespace Mainstay.Prove.Faults.Kinds;

/// <summary>Which HTTP requests a fault means.</summary>
/// <param name="Method">Upper case; null: any.</param>
/// <param name="PathPrefix">What the target begins with; null: any.</param>
/// <param name="Ratio">Of the requests that match, 0–1; drawn for each.</param>
internal sealed record RequestFilter(string? Method = null, string? PathPrefix = null, double Ratio = 1)
{
    public static RequestFilter All { get; } = new();

    public string Text => (Ratio < 1 ? $"{Ratio:P0} of " : "") + (Method ?? "all requests") + (PathPrefix is null ? "" : $" to {PathPrefix}…");

    public bool Matches(string method, string target, Random chance) =>
        (Method is null || method == Method)
        && (PathPrefix is null || target.StartsWith(PathPrefix, StringComparison.Ordinal))
        && (Ratio >= 1 || chance.NextDouble() < Ratio);
}

/// <summary>What becomes of one request. Several faults together: the sum of the delays, the first status, the earliest reset.</summary>
/// <param name="Delay">Before it is passed on, or answered.</param>
/// <param name="Status">Answered so, without the upstream; 0: passed on.</param>
/// <param name="ResetAfter">Bytes of its answer after which the client is reset; null: not.</param>
internal readonly record struct RequestVerdict(TimeSpan Delay = default, int Status = 0, long? ResetAfter = null)
{
    public bool IsNone => this == default;

    public RequestVerdict And(RequestVerdict other) => new(
        Delay + other.Delay,
        Status == 0 ? other.Status : Status,
        ResetAfter is { } mine && other.ResetAfter is { } theirs ? Math.Min(mine, theirs) : ResetAfter ?? other.ResetAfter);
}
