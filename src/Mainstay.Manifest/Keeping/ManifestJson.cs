using System.Buffers;
using System.Text.Json;
using Mainstay.Manifest.Model;

namespace Mainstay.Manifest.Keeping;

/// <summary>
/// A manifest as it runs, in a form that outlives the process: <c>{"Version":1,"Manifest":{…}}</c>, in UTF-8. It may differ from
/// the file on disk, and it holds the environment of services: whoever keeps it keeps secrets.
/// </summary>
/// <remarks>
/// Members that this version does not know are skipped, so a later one may add some; it gives them a default (an optional parameter of the
/// record), so that it still reads what an earlier one wrote. The version number counts only what neither rule covers: members whose meaning changes.
/// </remarks>
public static class ManifestJson
{
    internal const int Version = 1;

    private const string VersionName = "Version";
    private const string ManifestName = "Manifest";

    public static byte[] Write(ManifestSpec manifest)
    {
        var written = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(written))
        {
            writer.WriteStartObject();
            writer.WriteNumber(VersionName, Version);
            writer.WritePropertyName(ManifestName);
            JsonSerializer.Serialize(writer, manifest, SpecJson.Default.ManifestSpec);
            writer.WriteEndObject();
        }
        return written.WrittenSpan.ToArray();
    }

    /// <exception cref="FormatException">It is no whole manifest that this version understands; the message is one line without values.</exception>
    public static ManifestSpec Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject, "it is no object");
            // First, so that a manifest of another version is named as such before anything else is said about it.
            Expect(reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(VersionName), "it does not begin with its version");
            Expect(reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var version) && version > 0, "its version is no number");
            Expect(reader.GetInt32() <= Version, $"it is of version {reader.GetInt32()}, and this Mainstay reads up to {Version}");
            Expect(reader.Read() && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(ManifestName) && reader.Read(), "no manifest follows its version");
            var manifest = JsonSerializer.Deserialize(ref reader, SpecJson.Default.ManifestSpec);
            while (reader.Read())
                reader.TrySkip();
            return manifest ?? throw Unreadable("there is none in it");
        }
        catch (JsonException damaged)
        {
            throw Unreadable(damaged.Message.ReplaceLineEndings(" "), damaged);
        }
    }

    private static void Expect(bool holds, string otherwise)
    {
        if (!holds)
            throw Unreadable(otherwise);
    }

    private static FormatException Unreadable(string why, Exception? cause = null) => new($"The manifest that was kept cannot be read: {why}", cause);
}
