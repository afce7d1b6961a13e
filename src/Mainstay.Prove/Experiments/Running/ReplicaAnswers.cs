using System.Collections.Immutable;

namespace Mainstay.Prove.Experiments.Running;

/// <summary>What each replica of a service answered to the same read, asked twice.</summary>
/// <param name="Of">By the replica's name.</param>
internal sealed record ReplicaAnswers(ImmutableSortedDictionary<string, (Answer First, Answer Second)> Of)
{
    /// <summary>Why they cannot be compared: asked before anything is written, they differ already. Null: they can.</summary>
    public string? Incomparable => Unsteady ?? (Agree ? null : "the replicas' answers differ before anything is written");

    /// <summary>A replica that does not answer the same twice; null: none.</summary>
    private string? Unsteady => Of.FirstOrDefault(one => one.Value.First != one.Value.Second).Key is { } replica ? $"{replica} answers the same read differently each time" : null;

    private bool Agree => Of.Values.Select(one => one.Second).Distinct().Count() <= 1;

    /// <summary>Asked after a write; <paramref name="incomparable"/> as before the first one.</summary>
    public (Knowledge Knowledge, string Text) Judge(string? incomparable)
    {
        var failed = Of.Where(one => !one.Value.First.IsGood).Select(one => $"{one.Key} answers {one.Value.First.Status}").ToList();
        if (failed.Count > 0)
            return (Knowledge.Stale, string.Join(", ", failed));
        if ((Of.Count < 2 ? "fewer than two replicas are ready" : incomparable ?? Unsteady) is { } why)
            return (Knowledge.Unclear, why);
        return Agree ? (Knowledge.Fresh, $"{string.Join(" and ", Of.Keys)} answer the same") : (Knowledge.Stale, $"{Differing()} answer differently");
    }

    private string Differing() => string.Join(" and ", Of.GroupBy(one => one.Value.Second).Select(group => group.First().Key));
}

/// <summary>One answer to a read.</summary>
internal readonly record struct Answer(int Status, string Body)
{
    public bool IsGood => Status is >= 200 and < 300;
}

/// <summary>Whether replicas know of a write.</summary>
internal enum Knowledge
{
    Fresh,
    Stale,

    /// <summary>Their answers do not tell.</summary>
    Unclear,
}
