using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mainstay.Manifest.Keeping;

/// <summary>A value that is written as one text.</summary>
internal abstract class ParsedTextConverter<T> : JsonConverter<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TryParse(reader.GetString()!, out var value) ? value : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(ToText(value));

    protected abstract bool TryParse(string text, [NotNullWhen(true)] out T? value);

    protected abstract string ToText(T value);
}

internal sealed class AddressConverter : ParsedTextConverter<IPAddress>
{
    protected override bool TryParse(string text, [NotNullWhen(true)] out IPAddress? value) => IPAddress.TryParse(text, out value);

    protected override string ToText(IPAddress value) => value.ToString();
}

internal sealed class NetworkConverter : ParsedTextConverter<IPNetwork>
{
    protected override bool TryParse(string text, out IPNetwork value) => IPNetwork.TryParse(text, out value);

    protected override string ToText(IPNetwork value) => value.ToString();
}

/// <summary>Absolute, and as it was written.</summary>
internal sealed class UrlConverter : ParsedTextConverter<Uri>
{
    protected override bool TryParse(string text, [NotNullWhen(true)] out Uri? value) => Uri.TryCreate(text, UriKind.Absolute, out value);

    protected override string ToText(Uri value) => value.OriginalString;
}
