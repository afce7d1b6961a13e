using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Mainstay.Manifest.Model;

namespace Mainstay.Manifest.Keeping;

/// <summary>
/// A manifest as it runs, in a form that outlives the process: <c>{"Version":1,"Manifest":{…}}</c>, in UTF-8. It may differ from
/// the file on disk, and it holds the environment of services: whoever keeps it keeps secrets.
/// </summary>
/// <remarks>
/// <para>
/// Members that this version does not know are skipped, so a later one may add some; it gives them a default, so that it still reads
/// what an earlier one wrote. The version number counts only what neither rule covers: members whose meaning changes.
/// </para>
/// <para>
/// Written out by hand, because a core that starts in place of a dead one reads this while connections wait: compiling what the library's
/// source generator needs takes 100 ms in a fresh process, reflection 150, this 30.
/// </para>
/// </remarks>
public static class ManifestJson
{
    internal const int Version = 1;

    /// <summary>Of the names of files that hold one: they are read as they are, without another check.</summary>
    public const string Ending = ".kept.json";

    public static byte[] Write(ManifestSpec manifest)
    {
        var written = new ArrayBufferWriter<byte>(4096);
        using (var writer = new Utf8JsonWriter(written))
        {
            writer.WriteStartObject();
            writer.WriteNumber("Version", Version);
            writer.WriteStartObject("Manifest");
            SpecWriter.Manifest(writer, manifest);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return written.WrittenSpan.ToArray();
    }

    /// <exception cref="FormatException">It is no whole manifest that this version understands; the message is one line without values.</exception>
    public static ManifestSpec Read(ReadOnlySpan<byte> json)
    {
        var kept = JsonPart.Parse(json, "the manifest that was kept");
        // First, so that a manifest of another version is named as such before anything else is said about it.
        var version = kept.Whole("Version");
        return version is > 0 and <= Version
            ? SpecReader.Manifest(kept.Section("Manifest"))
            : throw kept.Damaged($"is of version {version}, and this Mainstay reads up to {Version}");
    }

    /// <summary>One service inside somebody else's document: the members of an object that has been started.</summary>
    public static void WriteService(Utf8JsonWriter writer, ServiceSpec service) => SpecWriter.Service(writer, service);

    /// <summary>Dependencies inside somebody else's document: an array by that name.</summary>
    public static void WriteDependencies(Utf8JsonWriter writer, string name, ImmutableArray<DependencySpec> dependencies) =>
        SpecWriter.List(writer, name, dependencies, SpecWriter.Dependency);

    /// <summary>What <see cref="WriteService"/> wrote.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ServiceSpec ReadService(JsonPart service) => SpecReader.Service(service);

    /// <summary>What was written as dependency.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static DependencySpec ReadDependency(JsonPart dependency) => SpecReader.Dependency(dependency);
}
