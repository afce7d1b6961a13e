using System.Text.Json.Serialization;

namespace Mainstay.Contracts.Control;

/// <summary>The JSON of the control protocol and of <c>status --json</c>: snake_case, null members left out unless they say otherwise.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ControlEvent))]
[JsonSerializable(typeof(StatusReport))]
public sealed partial class ControlJson : JsonSerializerContext;
