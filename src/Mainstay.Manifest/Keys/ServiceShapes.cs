using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Reading;
using Mainstay.Manifest.Shapes;
using Mainstay.Manifest.Values;

namespace Mainstay.Manifest.Keys;

/// <summary>Values that only a service's keys take.</summary>
internal static class ServiceShapes
{
    public static ScalarShape<PortSpec> Port { get; } = new("auto, none or a number", ParsePort, () => new()
    {
        ["anyOf"] = new JsonArray(
            new JsonObject { ["enum"] = new JsonArray("auto", "none") },
            new JsonObject { ["type"] = "integer", ["minimum"] = 1, ["maximum"] = 65535 },
            Scalars.Pattern(@"^[0-9]+$|\$\{")),
    });

    public static ScalarShape<string> HealthPath { get; } = Scalars.Text("a path such as /healthz", text =>
        text.Length == 0 || text[0] != '/' ? $"is not a path; write one that begins with a slash, such as /{(text.Contains("://", StringComparison.Ordinal) ? "healthz" : Shown.Text(text.TrimStart('/'), 40))}"
        : text.Any(c => c is ' ' or '#' or '\\' || char.IsControl(c) || c > 126) ? "holds a character that a path cannot have; percent-encode it"
        : null);

    public static Shape<InheritSpec> Inherit { get; } = new InheritShape();

    public static string? ParseReplicas(string text, out int value)
    {
        value = 0;
        return text.Contains("..", StringComparison.Ordinal) ? "is a range, which is not supported yet; write a single number"
            : Quantities.Integer(text, 1, ServiceKeys.MostReplicas, out value);
    }

    public static string? CheckVariable(string name) =>
        name.Length == 0 || name.Contains('=') || name.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
            ? "cannot be the name of a variable; use letters, digits and underscores"
            : null;

    private static string? ParsePort(string text, out PortSpec value)
    {
        value = new(text == "none" ? PortKind.None : PortKind.Auto);
        if (text is "auto" or "none")
            return null;
        var problem = Quantities.Integer(text, 1, 65535, out var number);
        value = new(PortKind.Fixed, number);
        return problem is null || text.TrimStart('-').All(char.IsAsciiDigit) ? problem : "is not a port; write auto, none or a number";
    }

    private sealed class InheritShape : Shape<InheritSpec>
    {
        private readonly ListShape<string> _names = new(Scalars.Text("a name", text => Names.IsVariable(text) ? null : "is not the name of a variable; write a name such as HTTP_PROXY"), "[HTTP_PROXY]");

        public override JsonObject ToSchema() => new() { ["anyOf"] = new JsonArray(Scalars.Boolean.ToSchema(), _names.ToSchema()) };

        protected override bool TryReadValue(Node node, FindingList findings, [MaybeNullWhen(false)] out InheritSpec value)
        {
            value = null;
            if (node is SequenceNode)
                value = _names.TryRead(node, findings, out var names) ? new(InheritKind.Listed, names) : null;
            else if (Scalars.Boolean.TryRead(node, findings, out var all))
                value = new(all ? InheritKind.All : InheritKind.Minimal, []);
            return value is not null;
        }
    }
}
