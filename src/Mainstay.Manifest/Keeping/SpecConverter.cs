using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Mainstay.Manifest.Keeping;

/// <summary>Writes and reads a part of a manifest, such as one service, inside somebody else's document.</summary>
/// <typeparam name="T">Any type that a manifest holds; an immutable array of records too.</typeparam>
public sealed class SpecConverter<T> : JsonConverter<T>
{
    private static readonly JsonTypeInfo<T> Shape = (JsonTypeInfo<T>)SpecJson.Default.GetTypeInfo(typeof(T))!;

    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => JsonSerializer.Deserialize(ref reader, Shape);

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, Shape);
}
