using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mainstay.Contracts.Control;

/// <summary>Writes an instant as <c>2026-11-22T20:00:00Z</c>; reads any ISO 8601 instant.</summary>
internal sealed class UtcSeconds : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
}
