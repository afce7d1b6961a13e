using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Shapes;

namespace Mainstay.Prove.Experiments.Own.Reading;

/// <summary>Some things that must hold, all of the same routes: a mapping, or the name of a single one that takes no bound.</summary>
internal sealed class InvariantShape : Shape<ImmutableArray<OwnInvariant>>
{
    private readonly Field<ImmutableArray<string>> _routes;
    private readonly SectionShape _shape;
    private readonly FindingList _findings;

    public InvariantShape(Shape<ImmutableArray<string>> routes, FindingList findings)
    {
        _findings = findings;
        _routes = new("routes", routes, "Only of these; default: of all that is sent.", []);
        _shape = new(new([_routes, .. InvariantKeys.All.Select(key => key.Field)]), "a mapping such as { no_failures: true }");
    }

    public override JsonObject ToSchema() => new()
    {
        ["anyOf"] = new JsonArray(
            _shape.ToSchema(), new JsonObject { ["enum"] = new JsonArray([.. InvariantKeys.All.Where(key => key.IsWord).Select(key => (JsonNode)key.Field.Name)]) }),
    };

    protected override bool TryReadValue(Node node, FindingList findings, [MaybeNullWhen(false)] out ImmutableArray<OwnInvariant> value)
    {
        value = [];
        if (!_shape.TryRead(Expand(node), findings, out var section))
            return false;
        var routes = section.Get(_routes);
        value = [.. InvariantKeys.All.Where(key => section.IsWritten(key.Field) && !section.IsBroken(key.Field))
            .Select(key => key.Make(section, FileOf(section.EntryOf(key.Field)!)) with { Routes = routes })];
        if (value.IsEmpty && !InvariantKeys.All.Any(key => section.IsWritten(key.Field)))
            findings.Error(node, "says nothing that must hold; write at least one, such as no_failures: true");
        return true;
    }

    private string FileOf(Entry entry) => $"{_findings.File}:{entry.Position.Line}";

    /// <summary>A word stands for the same with `true`.</summary>
    private static Node Expand(Node node)
    {
        if (node is not ScalarNode { IsNull: false, IsBroken: false } word)
            return node;
        var mapping = new MappingNode(node.Position, node.Parent, node.Label);
        mapping.TryAdd(new(mapping, word.Text, word.Position, new ScalarNode(word.Position, mapping, word.Text, "true", "true", [])));
        return mapping;
    }
}
