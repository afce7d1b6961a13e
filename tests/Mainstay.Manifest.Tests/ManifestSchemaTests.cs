using System.Text.Json.Nodes;
using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Shapes;

namespace Mainstay.Manifest.Tests;

public sealed class ManifestSchemaTests
{
    private static readonly JsonObject Schema = JsonNode.Parse(ManifestSchema.Generate())!.AsObject();

    [Fact]
    public void Every_key_of_the_schema_is_known_to_the_reader()
    {
        var paths = new List<string[]>();
        Collect(Schema, [], paths);
        Assert.True(paths.Count > 100, $"only {paths.Count}");
        foreach (var path in paths)
        {
            var text = path.Reverse().Aggregate("\"\"", (value, key) => key == "[]" ? $"[{value}]" : $"{{ {key}: {value} }}");
            Assert.DoesNotContain(TestManifest.Read(text).Findings, finding => finding.Message.Contains("unknown key", StringComparison.Ordinal) || finding.Message.Contains("not supported", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_key_of_the_reader_is_in_the_schema_and_those_for_later_are_not()
    {
        Check(ManifestKeys.Shape.Table, Schema);
        Check(EdgeKeys.Shape.Table, Property(Schema, "edge"));
        Check(ServiceKeys.Shape.Table, Value(Property(Schema, "services")));
        Check(ServiceKeys.Shape.Table, Property(Property(Schema, "defaults"), "service"));
        Check(DependencyKeys.Shape.Table, Value(Property(Schema, "dependencies")));
        Check(RouteKeys.Shape.Table, Property(Schema, "routes")["items"]!.AsObject());
        Check(RouteKeys.Shape.Table, Property(Property(Schema, "defaults"), "route"));
    }

    [Fact]
    public void Every_key_has_a_description_and_the_documented_default()
    {
        var service = Value(Property(Schema, "services"));
        Assert.Equal("20s", (string?)Property(Property(service, "stop"), "drain")["default"]);
        Assert.Equal(1, (int?)Property(service, "replicas")["default"]);
        Assert.Equal("http://127.0.0.1:8080", (string?)Property(Property(Schema, "edge"), "listen")["default"]);
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", (string?)Schema["$schema"]);
    }

    [Fact]
    public void The_defaults_of_the_schema_are_those_of_the_reader()
    {
        var written = """
            edge:
              listen: http://127.0.0.1:8080
              limits: { body: 30MiB, headers: 32KiB, connections: 10000, header_timeout: 15s, idle_timeout: 75s }
              lame_duck: 1s
            services:
              web:
                command: node x
                stop: { signal: SIGTERM, drain: 30s, grace: 10s }
            """;
        var edge = Object(Property(Schema, "edge"));
        foreach (var (key, property) in Property(edge, "limits")["properties"]!.AsObject())
            Assert.Contains($"{key}: {property!["default"]}", written, StringComparison.Ordinal);
        Assert.Equal(TestManifest.Read(written).Manifest!.Edge.Limits, TestManifest.Read("services: { web: node x }").Manifest!.Edge.Limits);
    }

    private static void Check(FieldTable table, JsonObject schema)
    {
        var properties = Object(schema)["properties"]!.AsObject();
        Assert.Equal(table.Fields.Select(known => known.Name), properties.Select(property => property.Key));
        Assert.All(properties, property => Assert.NotEmpty((string?)property.Value!["description"] ?? ""));
        Assert.All(table.Later, later => Assert.False(properties.ContainsKey(later), later));
        Assert.False((bool?)Object(schema)["additionalProperties"]);
    }

    /// <summary>The mapping among the forms that a value may have.</summary>
    private static JsonObject Object(JsonObject schema) =>
        schema["anyOf"] is JsonArray forms ? forms.OfType<JsonObject>().First(form => form.ContainsKey("properties")) : schema;

    private static JsonObject Property(JsonObject schema, string name) => Object(schema)["properties"]![name]!.AsObject();

    private static JsonObject Value(JsonObject map) => map["additionalProperties"]!.AsObject();

    private static void Collect(JsonObject schema, string[] path, List<string[]> paths)
    {
        foreach (var form in schema["anyOf"] is JsonArray forms ? forms.OfType<JsonObject>() : [])
            Collect(form, path, paths);
        foreach (var (name, property) in schema["properties"] as JsonObject ?? [])
        {
            paths.Add([.. path, name]);
            Collect(property!.AsObject(), [.. path, name], paths);
        }
        if (schema["items"] is JsonObject item)
            Collect(item, [.. path, "[]"], paths);
        if (schema["additionalProperties"] is JsonObject value)
            Collect(value, [.. path, "x"], paths);
    }
}
