using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Mainstay.Prove.Faults.Kinds;
using Mainstay.Prove.Faults.Toxiproxy.Serving;

namespace Mainstay.Prove.Faults.Toxiproxy;

/// <summary>A toxic as Toxiproxy has it, and the fault that it means here.</summary>
/// <param name="Stream"><c>upstream</c> or <c>downstream</c>.</param>
/// <param name="Toxicity">0–1.</param>
/// <param name="Attributes">Those that the type knows, all of them.</param>
internal sealed record Toxic(string Name, string Type, string Stream, double Toxicity, ImmutableSortedDictionary<string, double> Attributes, Fault Fault)
{
    /// <exception cref="ApiException">Something of it is not as it must be.</exception>
    public static Toxic Read(JsonObject from)
    {
        var type = ToxiproxyJson.Text(from, "type") ?? "";
        var stream = ToxiproxyJson.Text(from, "stream") is { Length: > 0 } told ? told : "downstream";
        if (stream is not ("upstream" or "downstream"))
            throw new ApiException(400, "stream was invalid, can be either upstream or downstream");
        var known = ToxicTypes.AttributesOf(type) ?? throw new ApiException(400, "invalid toxic type");
        var name = ToxiproxyJson.Text(from, "name") is { Length: > 0 } given ? given : $"{type}_{stream}";
        return Make(name, type, stream, ToxiproxyJson.Number(from, "toxicity") ?? 1, known.ToImmutableSortedDictionary(word => word, _ => 0.0), from["attributes"]);
    }

    /// <summary>Only toxicity and attributes can be changed.</summary>
    public Toxic With(JsonObject from) =>
        Make(Name, Type, Stream, ToxiproxyJson.Number(from, "toxicity") ?? Toxicity, Attributes, from["attributes"]);

    private static Toxic Make(string name, string type, string stream, double toxicity, ImmutableSortedDictionary<string, double> attributes, JsonNode? given)
    {
        if (toxicity is < 0 or > 1)
            throw ToxiproxyJson.Bad("toxicity is from 0 to 1");
        if (given is not (null or JsonObject))
            throw ToxiproxyJson.Bad("attributes is no object");
        foreach (var word in attributes.Keys)
        {
            if (given is JsonObject values && ToxiproxyJson.Number(values, word) is { } number)
                attributes = attributes.SetItem(word, number is >= 0 and <= 1e15 ? number : throw ToxiproxyJson.Bad($"{word} is out of range"));
        }
        var fault = ToxicTypes.FaultOf(type, attributes) with
        {
            Flow = stream == "upstream" ? Flow.Upstream : Flow.Downstream,
            Toxicity = toxicity,
        };
        return new(name, type, stream, toxicity, attributes, fault);
    }
}
