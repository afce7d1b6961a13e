namespace Mainstay.Manifest.Reading;

internal sealed class SequenceNode(Position position, Node? parent, string label) : Node(position, parent, label)
{
    public List<Node> Items { get; } = [];

    /// <summary>A list without items, at the same place and with the same path.</summary>
    public SequenceNode CopyEmpty() => new(Position, Parent, Label) { Weight = Weight };

    public override string Kind => "a list";
}
