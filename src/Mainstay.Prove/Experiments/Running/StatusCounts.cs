namespace Mainstay.Prove.Experiments.Running;

/// <summary>Which statuses came, and how often.</summary>
internal static class StatusCounts
{
    /// <param name="statuses">0: none came.</param>
    /// <param name="none">What 0 is called.</param>
    /// <returns>"89 × 400, 18 × closed", the most frequent first.</returns>
    public static string Text(IEnumerable<int> statuses, string none) => string.Join(", ", statuses.GroupBy(status => status)
        .OrderByDescending(group => group.Count()).Select(group => $"{group.Count()} × {(group.Key == 0 ? none : group.Key)}"));
}
