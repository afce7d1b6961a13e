using Mainstay.Prove.Load;
using Mainstay.Prove.Recording;

namespace Mainstay.Cli.Loading;

internal static class FailuresByKind
{
    /// <summary>How many requests failed in which way; what did not happen is missing.</summary>
    public static IReadOnlyDictionary<string, long> Of(StreamSpec stream, LoadTotals totals)
    {
        var kinds = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (status, count) in totals.Statuses)
        {
            if (!stream.IsGood(status))
                kinds[$"status_{status}"] = count;
        }
        foreach (var (fate, count) in totals.Fates)
        {
            if (NameOf(fate) is { } name)
                kinds[name] = count;
        }
        return kinds;
    }

    private static string? NameOf(Fate fate) => fate switch
    {
        Fate.NotSent => "not_sent",
        Fate.Refused => "refused",
        Fate.Reset => "reset",
        Fate.TimedOut => "timed_out",
        Fate.Malformed => "malformed",
        _ => null,
    };
}
