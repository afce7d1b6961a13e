using System.Diagnostics.CodeAnalysis;
using Mainstay.Manifest.Reading;

namespace Mainstay.Manifest.Shapes;

/// <summary>A mapping with known keys, all read; whoever asks gets what was written, or the default.</summary>
internal sealed class Section
{
    private readonly Dictionary<Field, (Entry Entry, object? Value)> _values = [];

    public Section(MappingNode node, FieldTable table, FindingList findings)
    {
        Node = node;
        foreach (var entry in node.Entries)
        {
            if (table.Find(entry.Key) is { } field)
                _values[field] = (entry, field.Read(entry.Value, findings));
            else if (table.Later.Contains(entry.Key))
                findings.Error(entry, "not supported yet; remove it");
            else
                Guess(entry, table, findings);
        }
    }

    private Section() => Node = new MappingNode(default, null, "");

    public static Section Empty { get; } = new();

    public MappingNode Node { get; }

    /// <summary>What was written, else the default; the default also for a value that could not be read.</summary>
    public T Get<T>(Field<T> field) => TryGet(field, out var value) ? value : field.Fallback;

    public T? GetOrNull<T>(Field<T> field)
        where T : struct => TryGet(field, out var value) ? value : null;

    public bool TryGet<T>(Field<T> field, [MaybeNullWhen(false)] out T value)
    {
        var isRead = _values.TryGetValue(field, out var written) && written.Value is T;
        value = isRead ? (T)written.Value! : default;
        return isRead;
    }

    public Section Sub(Field<Section> field) => TryGet(field, out var section) ? section : Empty;

    public bool IsWritten(Field field) => _values.ContainsKey(field);

    /// <summary>Written, but not readable: already reported, so nothing should be concluded from it.</summary>
    public bool IsBroken(Field field) => _values.TryGetValue(field, out var written) && written.Value is null;

    /// <summary>Written here, and not merely among the defaults.</summary>
    public bool IsOwn(Field field) => _values.TryGetValue(field, out var written) && !written.Entry.IsDefault;

    /// <summary>Where a finding about the key points: its value, or the section if it was not written.</summary>
    public Node At(Field field) => _values.TryGetValue(field, out var written) ? written.Entry.Value : Node;

    public Entry? EntryOf(Field field) => _values.TryGetValue(field, out var written) ? written.Entry : null;

    /// <summary>What was meant counts as written but broken, so that nothing else complains that it is missing.</summary>
    private void Guess(Entry entry, FieldTable table, FindingList findings)
    {
        var nearest = findings.IsFull ? null : NearestKey.Of(entry.Key, table.Names);
        findings.Error(entry, nearest is null
            ? $"unknown key; known here are {string.Join(", ", table.Fields.Select(known => known.Name))}"
            : $"unknown key; did you mean `{nearest}`?");
        if (nearest is not null && table.Find(nearest) is { } meant)
            _values.TryAdd(meant, (entry, null));
    }
}
