using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mainstay.Manifest.Keeping;

/// <summary>Texts by name. How names compare is not in the document: it belongs to what the names are.</summary>
/// <param name="names">How names compare.</param>
/// <param name="removes">Whether null stands for a name that is to be removed; it is damage otherwise.</param>
/// <remarks>Public like those derived from it, because code that is generated for another project's records names them.</remarks>
public abstract class TextMapConverter(StringComparer names, bool removes) : JsonConverter<ImmutableSortedDictionary<string, string?>>
{
    public override ImmutableSortedDictionary<string, string?> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException();
        var texts = ImmutableSortedDictionary.CreateBuilder<string, string?>(names);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (reader.TokenType != JsonTokenType.String && !(removes && reader.TokenType == JsonTokenType.Null))
                throw new JsonException();
            texts[name] = reader.GetString();
        }
        return texts.ToImmutable();
    }

    public override void Write(Utf8JsonWriter writer, ImmutableSortedDictionary<string, string?> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, text) in value)
            writer.WriteString(name, text);
        writer.WriteEndObject();
    }
}

/// <summary>Environment variables.</summary>
public sealed class VariablesConverter() : TextMapConverter(StringComparer.Ordinal, removes: false);

/// <summary>Headers to send.</summary>
public sealed class HeadersConverter() : TextMapConverter(StringComparer.OrdinalIgnoreCase, removes: false);

/// <summary>Headers to set or, with null, to remove.</summary>
public sealed class HeaderRulesConverter() : TextMapConverter(StringComparer.OrdinalIgnoreCase, removes: true);
