using System.Text.Json;
using System.Text.Json.Nodes;
using Mainstay.Prove.Faults.Toxiproxy.Serving;

namespace Mainstay.Prove.Faults.Toxiproxy;

/// <summary>The API's documents, as Toxiproxy's clients expect them.</summary>
internal static class ToxiproxyJson
{
    private const int MostDepth = 8;

    public static byte[] Error(int status, string message) => Bytes(new JsonObject { ["error"] = message, ["status"] = status });

    public static byte[] Bytes(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node, ToxiproxyJsonContext.Default.JsonNode);

    public static JsonObject Of(NamedProxy proxy) => new()
    {
        ["name"] = proxy.Name,
        ["listen"] = proxy.Listen,
        ["upstream"] = proxy.Upstream,
        ["enabled"] = proxy.IsEnabled,
        ["toxics"] = Of(proxy.Toxics),
    };

    public static JsonArray Of(IEnumerable<Toxic> toxics) => [.. toxics.Select(toxic => (JsonNode)Of(toxic))];

    public static JsonObject Of(Toxic toxic)
    {
        var attributes = new JsonObject();
        foreach (var (name, value) in toxic.Attributes)
            attributes[name] = value;
        return new()
        {
            ["attributes"] = attributes,
            ["name"] = toxic.Name,
            ["type"] = toxic.Type,
            ["stream"] = toxic.Stream,
            ["toxicity"] = toxic.Toxicity,
        };
    }

    public static JsonObject ParseObject(ReadOnlyMemory<byte> body) => Parse(body) as JsonObject ?? throw Bad("an object is expected");

    public static JsonArray ParseArray(ReadOnlyMemory<byte> body) => Parse(body) as JsonArray ?? throw Bad("a list is expected");

    public static string? Text(JsonObject from, string name) => from[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        _ => throw Bad($"{name} is no text"),
    };

    public static bool? Flag(JsonObject from, string name) => from[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<bool>(out var flag) => flag,
        _ => throw Bad($"{name} is neither true nor false"),
    };

    public static double? Number(JsonObject from, string name) => from[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue<double>(out var number) && double.IsFinite(number) => number,
        _ => throw Bad($"{name} is no number"),
    };

    public static ApiException Bad(string what) => new(400, $"bad request body: {what}");

    private static JsonNode? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            var node = JsonNode.Parse(body.Span, null, new JsonDocumentOptions { MaxDepth = MostDepth });
            // Names that stand there twice are found only when an object is looked into.
            Touch(node);
            return node;
        }
        catch (Exception broken) when (broken is JsonException or ArgumentException)
        {
            throw Bad("this is no JSON that can be understood");
        }
    }

    private static void Touch(JsonNode? node)
    {
        var children = node switch
        {
            JsonObject fields => fields.Select(field => field.Value),
            JsonArray items => items,
            _ => [],
        };
        foreach (var child in children)
            Touch(child);
    }
}
