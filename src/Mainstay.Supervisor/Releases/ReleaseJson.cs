using System.Text.Json;
using Mainstay.Manifest.Keeping;

namespace Mainstay.Supervisor.Releases;

/// <summary>The files of a release store as JSON, written out by hand: they are read while a start waits.</summary>
internal static class ReleaseJson
{
    public static void Write(Utf8JsonWriter json, Release release)
    {
        json.WriteStartObject();
        json.WriteNumber("Number", release.Number);
        json.WriteString("Created", release.Created);
        json.WriteStartObject("Spec");
        ManifestJson.WriteService(json, release.Spec);
        json.WriteEndObject();
        ManifestJson.WriteDependencies(json, "Dependencies", release.Dependencies);
        json.WriteString("Fingerprint", release.Fingerprint);
        json.WriteString("ArtifactFingerprint", release.ArtifactFingerprint);
        json.WriteString("Snapshot", release.Snapshot);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, ReleaseLedger ledger)
    {
        json.WriteStartObject();
        json.WriteNumber("Current", ledger.Current);
        json.WriteNumber("Last", ledger.Last);
        json.WriteString("Declared", ledger.Declared);
        json.WriteStartArray("Served");
        foreach (var number in ledger.Served)
            json.WriteNumberValue(number);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <exception cref="FormatException">It is none.</exception>
    public static Release ReadRelease(ReadOnlySpan<byte> json) => ReadRelease(JsonPart.Parse(json, "the release"));

    /// <exception cref="FormatException">It is none.</exception>
    public static Release ReadRelease(JsonPart part) =>
        new(
            part.Whole("Number"),
            part.Instant("Created"),
            ManifestJson.ReadService(part.Section("Spec")),
            part.Sections("Dependencies", ManifestJson.ReadDependency),
            part.Text("Fingerprint"),
            part.TextOrNull("ArtifactFingerprint"),
            part.TextOrNull("Snapshot"));

    /// <exception cref="FormatException">It is none.</exception>
    public static ReleaseLedger ReadLedger(ReadOnlySpan<byte> json)
    {
        var part = JsonPart.Parse(json, "the ledger of releases");
        return new ReleaseLedger(part.Whole("Current"), part.Whole("Last"), part.TextOrNull("Declared"), [.. part.Numbers("Served")]);
    }
}
