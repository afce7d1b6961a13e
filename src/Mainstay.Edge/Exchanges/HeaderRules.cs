using System.Collections.Immutable;

namespace Mainstay.Edge.Exchanges;

/// <summary>Header fields that a route sets or removes. Framing fields are never touched: they belong to the connection.</summary>
internal sealed class HeaderRules
{
    public static readonly HeaderRules None = new(ImmutableSortedDictionary<string, string?>.Empty);

    private readonly (string Name, string? Value)[] _rules;

    /// <param name="rules">Values by name; a null value removes the field.</param>
    public HeaderRules(ImmutableSortedDictionary<string, string?> rules) =>
        _rules = [.. rules.Where(rule => !IsFraming(HeaderNames.Find(rule.Key))).Select(rule => (rule.Key, rule.Value))];

    public void Apply(HeaderBlock headers)
    {
        foreach (var (name, value) in _rules)
        {
            if (value is null)
                headers.Remove(name);
            else
                headers.Set(name, value);
        }
    }

    private static bool IsFraming(HeaderId id) => id is HeaderId.Connection or HeaderId.ContentLength or HeaderId.TransferEncoding
        or HeaderId.Upgrade or HeaderId.TE or HeaderId.Trailer or HeaderId.KeepAlive;
}
