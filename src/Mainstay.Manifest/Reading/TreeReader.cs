using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Mainstay.Manifest.Reading;

/// <summary>Thrown inside this folder to stop reading at the first thing after which the rest cannot be trusted.</summary>
internal sealed class UnreadableException(Position position, string message) : Exception(message)
{
    public Position Position { get; } = position;
}

/// <summary>YAML events → nodes with positions. Aliases share the node they name, so that an alias bomb costs nothing; its use is bounded by weight.</summary>
internal sealed class TreeReader(string text, Interpolation interpolation, FindingList findings, DocumentKind? kind = null)
{
    private const int Deepest = 32;
    private const int Heaviest = 20_000;

    private readonly DocumentKind _kind = kind ?? DocumentKind.Manifest;
    private readonly Dictionary<string, Node?> _anchors = new(StringComparer.Ordinal);
    private readonly Parser _parser = new(new Scanner(new StringReader(text), skipComments: true));

    /// <summary>The root mapping, or null after a finding.</summary>
    public MappingNode? Read()
    {
        try
        {
            Next<StreamStart>();
            if (_parser.Current is StreamEnd)
                findings.Error(_kind.Empty);
            else
                return ReadDocument();
        }
        catch (UnreadableException failure)
        {
            findings.Error(failure.Position, "", failure.Message);
        }
        catch (YamlException failure)
        {
            SyntaxExplanation.Report(failure, text, findings);
        }
        catch (Exception failure) when (failure is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            // The YAML parser's own slips on broken text; the position is where it had come to.
            SyntaxExplanation.Report(new YamlException(_parser.Current?.Start ?? Mark.Empty, _parser.Current?.End ?? Mark.Empty, "something is not closed"), text, findings);
        }
        return null;
    }

    private MappingNode? ReadDocument()
    {
        Next<DocumentStart>();
        var root = ReadNode(null, "", 0);
        Next<DocumentEnd>();
        if (_parser.Current is DocumentStart second)
            throw new UnreadableException(At(second), $"a second document begins here; {_kind.Noun} is one document, so remove the `---`");
        switch (root)
        {
            case MappingNode mapping:
                return mapping;
            case ScalarNode { IsNull: true }:
                findings.Error(_kind.Empty);
                return null;
            default:
                findings.Error(root.Position, "", $"{_kind.Noun} is a mapping such as `{_kind.Example}`, but this is {root.Kind}");
                return null;
        }
    }

    private Node ReadNode(Node? parent, string label, int depth)
    {
        var current = _parser.Current ?? throw new UnreadableException(default, "breaks off");
        if (depth > Deepest)
            throw new UnreadableException(At(current), $"is nested more than {Deepest} levels deep");
        if (current is AnchorAlias alias)
            return Resolve(Next<AnchorAlias>(), alias.Value.Value);
        var begun = (NodeEvent)current;
        if (!begun.Tag.IsEmpty && !begun.Tag.IsNonSpecific && !begun.Tag.Value.StartsWith("tag:yaml.org,2002:", StringComparison.Ordinal))
            findings.Error(At(begun), "", $"the tag `{Shown.Text(begun.Tag.Value)}` has no meaning here; remove it");
        if (!begun.Anchor.IsEmpty)
            _anchors[begun.Anchor.Value] = null;
        Node node = begun switch
        {
            MappingStart => ReadMapping(parent, label, depth),
            SequenceStart => ReadSequence(parent, label, depth),
            _ => ReadScalar(parent, label),
        };
        if (node.Weight > Heaviest)
            throw new UnreadableException(node.Position, $"stands for more than {Heaviest} values; use fewer aliases");
        if (!begun.Anchor.IsEmpty)
            _anchors[begun.Anchor.Value] = node;
        return node;
    }

    private Node Resolve(AnchorAlias alias, string name)
    {
        if (!_anchors.TryGetValue(name, out var node))
            throw new UnreadableException(At(alias), $"`*{Shown.Text(name)}` names no anchor above it; quote the text if no alias was meant");
        return node ?? throw new UnreadableException(At(alias), $"`*{Shown.Text(name)}` stands inside its own anchor");
    }

    private MappingNode ReadMapping(Node? parent, string label, int depth)
    {
        var mapping = new MappingNode(At(Next<MappingStart>()), parent, label);
        var merges = new List<(Position, Node)>();
        while (_parser.Current is not MappingEnd)
        {
            if (_parser.Current is not Scalar key)
                throw new UnreadableException(At(_parser.Current!), "a key is a plain word; if `{port}` was meant, put the whole value in quotes");
            Next<Scalar>();
            var value = ReadNode(mapping, Node.LabelOf(key.Value), depth + 1);
            mapping.Weight = Math.Min(mapping.Weight + value.Weight, Heaviest + 1);
            if (key is { Value: "<<", Style: ScalarStyle.Plain })
                merges.Add((At(key), value));
            else if (!mapping.TryAdd(new(mapping, key.Value, At(key), value)))
                findings.Error(new Entry(mapping, key.Value, At(key), value), $"is written twice, first on line {mapping.Find(key.Value)!.Position.Line}; keep one");
        }
        Next<MappingEnd>();
        foreach (var (position, value) in merges)
            Merge(mapping, position, value);
        return mapping;
    }

    /// <summary>What is written in the mapping itself wins; among several merged ones the first.</summary>
    private void Merge(MappingNode mapping, Position position, Node value)
    {
        var sources = value is SequenceNode list ? list.Items : [value];
        foreach (var source in sources)
        {
            if (source is MappingNode merged)
                merged.Entries.ForEach(entry => mapping.TryAdd(entry));
            else
                findings.Error(position, mapping.Path, "`<<` takes an alias of a mapping, such as `<<: *base`, or a list of them");
        }
    }

    private SequenceNode ReadSequence(Node? parent, string label, int depth)
    {
        var sequence = new SequenceNode(At(Next<SequenceStart>()), parent, label);
        while (_parser.Current is not SequenceEnd)
        {
            var item = ReadNode(sequence, $"[{sequence.Items.Count}]", depth + 1);
            sequence.Weight = Math.Min(sequence.Weight + item.Weight, Heaviest + 1);
            sequence.Items.Add(item);
        }
        Next<SequenceEnd>();
        return sequence;
    }

    private ScalarNode ReadScalar(Node? parent, string label)
    {
        var scalar = Next<Scalar>();
        var text = interpolation.Apply(scalar.Value, out ImmutableArray<Range> inserted, out var problem);
        var node = new ScalarNode(At(scalar), parent, label, scalar.Value, text, inserted)
        {
            IsNull = scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" or "Null" or "NULL",
            IsBroken = problem is not null,
        };
        if (problem is not null)
            findings.Error(node, problem);
        return node;
    }

    private T Next<T>()
        where T : ParsingEvent
    {
        if (_parser.Current is null)
            _parser.MoveNext();
        var current = _parser.Current as T ?? throw new UnreadableException(_parser.Current is { } other ? At(other) : default, "is not understood here");
        _parser.MoveNext();
        return current;
    }

    private static Position At(ParsingEvent parsed) => new((int)parsed.Start.Line, (int)parsed.Start.Column);
}
