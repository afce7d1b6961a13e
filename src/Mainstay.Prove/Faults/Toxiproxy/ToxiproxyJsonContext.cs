using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Mainstay.Prove.Faults.Toxiproxy;

[JsonSerializable(typeof(JsonNode))]
internal sealed partial class ToxiproxyJsonContext : JsonSerializerContext;
