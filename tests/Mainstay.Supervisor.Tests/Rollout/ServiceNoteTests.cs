using System.Text;
using System.Text.Json.Nodes;
using FsCheck.Xunit;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Releases;
using Mainstay.Supervisor.Rollout;
using Mainstay.Supervisor.Tests.Fakes;

namespace Mainstay.Supervisor.Tests.Rollout;

[Properties(Replay = "20261127,4719", MaxTest = 300)]
public sealed class ServiceNoteTests
{
    [Property]
    public void What_was_noted_is_read(string?[] command, byte replicas, ushort wanted, string? value, string? unconfirmed, bool hasSnapshot)
    {
        var spec = Specs.Service("serve {port}", replicas, "web") with { Command = [.. command.Select(Sayable), "x"] };
        spec = spec with { Environment = spec.Environment.Add("A", Sayable(value)).Add("B_b", "") };
        var noted = Note(spec, 1 + wanted, unconfirmed is null ? null : Sayable(unconfirmed), hasSnapshot ? "/state/releases/web/3/files" : null);
        var read = ServiceNote.Parse(noted.Format())!;
        Assert.Equal((noted.Wanted, noted.Unconfirmed), (read.Wanted, read.Unconfirmed));
        Assert.Equal((3, noted.Current.Created, noted.Current.Fingerprint, noted.Current.Snapshot), (read.Current.Number, read.Current.Created, read.Current.Fingerprint, read.Current.Snapshot));
        Assert.Equal(SpecFingerprint.Of(noted.Spec, []), SpecFingerprint.Of(read.Spec, []));
        // And nothing that a fingerprint leaves out.
        Assert.Equal(noted.Format(), read.Format());
    }

    [Property(MaxTest = 2000)]
    public void Any_bytes_are_a_note_or_none(byte[] hostile) => _ = ServiceNote.Parse(hostile);

    [Property(MaxTest = 2000)]
    public void A_note_with_a_byte_that_was_changed_is_a_note_or_none(ushort place, byte value)
    {
        var bytes = Note(Specs.Service("serve {port}"), 2, null, null).Format();
        bytes[place % bytes.Length] = value;
        _ = ServiceNote.Parse(bytes);
        _ = ServiceNote.Parse(bytes[..(place % bytes.Length)]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"Current":null,"Spec":{},"Wanted":1}""")]
    public void What_is_no_note_is_none(string text) => Assert.Null(ServiceNote.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void No_note_is_none() => Assert.Null(ServiceNote.Parse(null));

    [Theory]
    [InlineData("Current")]
    [InlineData("Spec")]
    [InlineData("Wanted")]
    public void A_note_without_one_of_its_parts_is_none(string part)
    {
        var json = Json();
        json.Remove(part);
        Assert.Null(ServiceNote.Parse(Bytes(json)));
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("2147483647")]
    [InlineData("1e400")]
    [InlineData("\"2\"")]
    [InlineData("2.5")]
    public void A_number_of_replicas_that_no_service_has_is_none(string wanted)
    {
        var json = Json();
        json["Wanted"] = JsonNode.Parse(wanted);
        Assert.Null(ServiceNote.Parse(Bytes(json)));
    }

    [Fact]
    public void What_a_newer_version_added_is_passed_over()
    {
        var json = Json();
        json["Weather"] = new JsonObject { ["sun"] = true };
        Assert.Equal(2, ServiceNote.Parse(Bytes(json))!.Wanted);
    }

    private static JsonObject Json() => JsonNode.Parse(Note(Specs.Service("serve {port}"), 2, null, null).Format())!.AsObject();

    private static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    private static ServiceNote Note(ServiceSpec spec, int wanted, string? unconfirmed, string? snapshot) => new(
        new Release(3, new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero), spec, [], "fingerprint", snapshot is null ? null : "files", snapshot), spec, wanted, unconfirmed);

    private static string Sayable(string? text) => string.Concat((text ?? "").EnumerateRunes());
}
