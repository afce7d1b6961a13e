using System.Buffers;
using System.Text.Json;
using Mainstay.Manifest.Keeping;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Releases;

namespace Mainstay.Supervisor.Rollout;

/// <summary>What a service should be, for whoever supervises it after this process.</summary>
/// <param name="Current">The release that it should run.</param>
/// <param name="Spec">As the manifest, or a rollback, has it now.</param>
/// <param name="Wanted">How many replicas there should be.</param>
/// <param name="Unconfirmed">Fingerprint of the spec it was started with, while no replica of it has been ready; null otherwise.</param>
internal sealed record ServiceNote(Release Current, ServiceSpec Spec, int Wanted, string? Unconfirmed)
{
    /// <summary>More replicas than any service may have: who notes so many notes nonsense.</summary>
    private const int TooMany = 10_000;

    public static string KeyOf(string service) => $"service/{service}";

    public byte[] Format()
    {
        var written = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(written))
        {
            json.WriteStartObject();
            json.WritePropertyName(nameof(Current));
            ReleaseJson.Write(json, Current);
            json.WriteStartObject(nameof(Spec));
            ManifestJson.WriteService(json, Spec);
            json.WriteEndObject();
            json.WriteNumber(nameof(Wanted), Wanted);
            json.WriteString(nameof(Unconfirmed), Unconfirmed);
            json.WriteEndObject();
        }

        return written.WrittenSpan.ToArray();
    }

    /// <summary>Null for no note, or one that this version cannot read.</summary>
    public static ServiceNote? Parse(byte[]? note)
    {
        try
        {
            if (note is null)
                return null;
            var part = JsonPart.Parse(note, "the note on a service");
            var wanted = part.Whole("Wanted");
            if (wanted is < 1 or >= TooMany)
                throw part.Damaged($"wants {wanted} replicas");
            return new(ReleaseJson.ReadRelease(part.Section("Current")), ManifestJson.ReadService(part.Section("Spec")), wanted, part.TextOrNull("Unconfirmed"));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
