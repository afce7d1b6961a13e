using System.Text.Json.Serialization;

namespace Mainstay.Prove.Recording;

/// <summary>
/// The JSON of a saved history: snake_case, the samples left out (they stand in a file of their own). A number that is endless or none is written
/// as text (<c>"NaN"</c>, <c>"Infinity"</c>), so that the history read back is judged as the one recorded.
/// </summary>
[JsonSourceGenerationOptions(
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    WriteIndented = true)]
[JsonSerializable(typeof(HistoryHead))]
internal sealed partial class HistoryJson : JsonSerializerContext;
