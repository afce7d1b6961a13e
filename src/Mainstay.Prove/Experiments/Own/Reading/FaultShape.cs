using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Shapes;

namespace Mainstay.Prove.Experiments.Own.Reading;

/// <summary>One fault: its <c>kind</c> says which other keys it takes.</summary>
internal sealed class FaultShape : Shape<OwnFault>
{
    private static readonly Field<TimeSpan> After = new("after", Scalars.Duration(TimeSpan.Zero, LoadKeys.Longest), "When it begins; default at once.", TimeSpan.Zero);

    private static readonly Field<TimeSpan> For = new("for", Scalars.Duration(TimeSpan.FromMilliseconds(10), LoadKeys.Longest), "How long it lasts; default as long as the load.");

    private readonly FaultKind[] _kinds;
    private readonly Field<FaultKind> _kind;

    public FaultShape(ManifestSpec manifest)
    {
        _kinds = [.. ProcessFaults.Of(manifest), .. DependencyFaults.Of(manifest), .. RequestFaults.All];
        _kind = new("kind", Scalars.Choice([.. _kinds.Select(kind => (kind.Word, kind))]), "What is done.");
    }

    public override JsonObject ToSchema() => new() { ["oneOf"] = new JsonArray([.. _kinds.Select(SchemaOf)]) };

    protected override bool TryReadValue(Node node, FindingList findings, [MaybeNullWhen(false)] out OwnFault value)
    {
        value = null;
        if (node is not MappingNode mapping)
            findings.Error(node, $"is {node.Kind}; write a mapping such as {{ kind: kill, service: web }}");
        else if (mapping.Find(_kind.Name) is not { } written)
            findings.Error(node, $"has no kind; write one of {Shown.OneOf([.. _kinds.Select(kind => kind.Word)])}");
        else if (_kind.Read(written.Value, findings) is FaultKind kind)
            value = Read(mapping, kind, findings);
        return value is not null;
    }

    private OwnFault? Read(MappingNode mapping, FaultKind kind, FindingList findings)
    {
        var section = new Section(mapping, TableOf(kind), findings);
        var missing = kind.Needed.Where(field => !section.IsWritten(field)).ToList();
        if (missing.Count > 0)
            findings.Error(mapping, $"has no {missing[0].Name}, which a fault of kind {kind.Word} needs");
        if (missing.Count > 0 || kind.Needed.Any(section.IsBroken))
            return null;
        return kind.Make(section) with { After = section.Get(After), For = kind.Lasts ? section.GetOrNull(For) : null };
    }

    private FieldTable TableOf(FaultKind kind) => new([_kind, After, .. kind.Lasts ? (Field[])[For] : [], .. kind.Fields]);

    private JsonObject SchemaOf(FaultKind kind)
    {
        var schema = TableOf(kind).ToSchema();
        schema["properties"]![_kind.Name] = new JsonObject { ["const"] = kind.Word };
        schema["required"] = new JsonArray([_kind.Name, .. kind.Needed.Select(field => (JsonNode)field.Name)]);
        return schema;
    }
}
