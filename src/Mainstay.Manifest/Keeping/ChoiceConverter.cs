using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mainstay.Manifest.Keeping;

/// <summary>Writes a choice by its name. Reads its number too, as releases were written before, but never a value that is none of the choices.</summary>
internal sealed class ChoiceConverter<T> : JsonConverter<T> where T : struct, Enum
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            var name = reader.GetString();
            // Numbers and lists of names parse as well; they do not come out as they went in.
            return Enum.TryParse<T>(name, out var named) && named.ToString() == name ? named : throw new JsonException();
        }
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out var number))
            throw new JsonException();
        var choice = (T)Enum.ToObject(typeof(T), number);
        return Enum.IsDefined(choice) ? choice : throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
