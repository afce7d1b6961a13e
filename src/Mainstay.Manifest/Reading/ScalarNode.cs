using System.Collections.Immutable;

namespace Mainstay.Manifest.Reading;

/// <summary>A single value.</summary>
/// <param name="written">As in the text, before variables were put in.</param>
/// <param name="text">With the variables' values.</param>
/// <param name="inserted">The parts of <paramref name="text"/> that came from variables.</param>
internal sealed class ScalarNode(
    Position position,
    Node? parent,
    string label,
    string written,
    string text,
    ImmutableArray<Range> inserted) : Node(position, parent, label)
{
    public string Written { get; } = written;

    public string Text { get; } = text;

    public ImmutableArray<Range> Inserted { get; } = inserted;

    /// <summary>Nothing was written, or a plain <c>null</c> or <c>~</c>.</summary>
    public bool IsNull { get; init; }

    /// <summary>Already reported; says nothing more.</summary>
    public bool IsBroken { get; init; }

    public override string Kind => IsNull ? "nothing" : "a single value";

    /// <summary>For messages: what was written, never a variable's value, which may be a secret.</summary>
    public string Quoted => $"`{Shown.Text(Written)}`";

    public static ScalarNode FromText(string text) => new(default, null, "", text, text, []);
}
