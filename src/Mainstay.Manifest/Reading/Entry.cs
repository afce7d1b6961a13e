namespace Mainstay.Manifest.Reading;

/// <summary>One key of a mapping and its value.</summary>
/// <param name="Owner">The mapping in which it is written: another one for keys that came in by <c>&lt;&lt;</c> or from <c>defaults</c>.</param>
/// <param name="Key">As written.</param>
/// <param name="Position">Of the key.</param>
/// <param name="Value">Its value.</param>
/// <param name="IsDefault">Came from <c>defaults</c>.</param>
internal sealed record Entry(MappingNode Owner, string Key, Position Position, Node Value, bool IsDefault = false)
{
    public string Path => Owner.Path is { Length: > 0 } path ? $"{path}.{Node.LabelOf(Key)}" : Node.LabelOf(Key);
}
