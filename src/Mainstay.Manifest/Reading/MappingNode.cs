namespace Mainstay.Manifest.Reading;

internal sealed class MappingNode(Position position, Node? parent, string label) : Node(position, parent, label)
{
    private readonly Dictionary<string, Entry> _byKey = new(StringComparer.Ordinal);

    /// <summary>In the order written, those that came in by <c>&lt;&lt;</c> or from <c>defaults</c> last.</summary>
    public List<Entry> Entries { get; } = [];

    public override string Kind => "a mapping";

    public Entry? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>A mapping without keys, at the same place and with the same path.</summary>
    public MappingNode CopyEmpty() => new(Position, Parent, Label) { Weight = Weight };

    /// <summary>A mapping that stands for this value under a key: the long form of a short one.</summary>
    public static MappingNode LongForm(ScalarNode value, IEnumerable<string> keys)
    {
        var mapping = new MappingNode(value.Position, value.Parent, value.Label);
        foreach (var key in keys)
            mapping.TryAdd(new(mapping, key, value.Position, value));
        return mapping;
    }

    public bool TryAdd(Entry entry)
    {
        if (!_byKey.TryAdd(entry.Key, entry))
            return false;
        Entries.Add(entry);
        return true;
    }
}
