using System.Text.Json;
using System.Text.RegularExpressions;

namespace Mainstay.Prove.Tests.Reports;

/// <summary>The part of JSON Schema that the report's schema uses; any other keyword is a fault of the schema.</summary>
internal static class SchemaCheck
{
    public static IEnumerable<string> Faults(JsonElement schema, JsonElement value) => Faults(schema, schema, value, "$");

    private static IEnumerable<string> Faults(JsonElement root, JsonElement schema, JsonElement value, string at) => schema.EnumerateObject().SelectMany(rule => rule.Name switch
    {
        "$schema" or "$defs" or "title" or "description" => [],
        "$ref" => Faults(root, root.GetProperty("$defs").GetProperty(rule.Value.GetString()!["#/$defs/".Length..]), value, at),
        "type" => If(!Types(rule.Value).Any(type => IsOf(type, value)), $"{at}: is no {rule.Value}"),
        "const" => If(!JsonElement.DeepEquals(rule.Value, value), $"{at}: is not {rule.Value}"),
        "enum" => If(!rule.Value.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)), $"{at}: is none of {rule.Value}"),
        "minimum" => If(value.ValueKind == JsonValueKind.Number && value.GetDouble() < rule.Value.GetDouble(), $"{at}: is below {rule.Value}"),
        "maximum" => If(value.ValueKind == JsonValueKind.Number && value.GetDouble() > rule.Value.GetDouble(), $"{at}: is above {rule.Value}"),
        "pattern" => If(!Regex.IsMatch(value.GetString()!, rule.Value.GetString()!), $"{at}: is not like {rule.Value}"),
        "format" => If(!DateTimeOffset.TryParse(value.GetString(), out _), $"{at}: is no {rule.Value}"),
        "required" => rule.Value.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{at}: lacks '{name}'"),
        "properties" => rule.Value.EnumerateObject().SelectMany(part =>
            value.TryGetProperty(part.Name, out var member) ? Faults(root, part.Value, member, $"{at}.{part.Name}") : []),
        "additionalProperties" => value.EnumerateObject().SelectMany(member => Faults(root, rule.Value, member.Value, $"{at}.{member.Name}")),
        "items" => value.EnumerateArray().SelectMany((item, index) => Faults(root, rule.Value, item, $"{at}[{index}]")),
        _ => [$"{at}: the check knows no '{rule.Name}'"],
    });

    private static IEnumerable<string> If(bool isFault, string fault) => isFault ? [fault] : [];

    private static IEnumerable<string> Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!) : [type.GetString()!];

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => value.ValueKind.ToString().Equals(type, StringComparison.OrdinalIgnoreCase),
    };
}
