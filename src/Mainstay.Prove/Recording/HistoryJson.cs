using System.Text.Json.Serialization;

namespace Mainstay.Prove.Recording;

/// <summary>The JSON of a saved history: snake_case, the samples left out (they stand in a file of their own).</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true,
    WriteIndented = true)]
[JsonSerializable(typeof(HistoryHead))]
internal sealed partial class HistoryJson : JsonSerializerContext;
