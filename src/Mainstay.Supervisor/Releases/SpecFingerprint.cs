using System.Buffers;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Mainstay.Manifest.Model;

namespace Mainstay.Supervisor.Releases;

/// <summary>
/// A fingerprint of all in a service's spec that a running process cannot take over. <c>replicas</c> (scaled), the times of <c>health</c>,
/// <c>stop</c>, <c>memory</c> and the steps of <c>deploy</c> (taken over by running replicas) are left out. What <c>health</c> asks belongs to it:
/// replicas that serve must not be judged by a question that no new one has answered yet.
/// </summary>
internal static class SpecFingerprint
{
    public static string Of(ServiceSpec spec, ImmutableArray<DependencySpec> dependencies)
    {
        var parts = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(parts))
            Write(writer, spec, dependencies);
        return Convert.ToHexStringLower(SHA256.HashData(parts.WrittenSpan));
    }

    /// <summary>Every byte counts: what is written otherwise makes every service roll once more at the first start of a new Mainstay.</summary>
    private static void Write(Utf8JsonWriter writer, ServiceSpec spec, ImmutableArray<DependencySpec> dependencies)
    {
        writer.WriteStartObject();
        WriteTexts(writer, "Command", spec.Command);
        writer.WriteString("Directory", spec.Directory);
        writer.WriteStartObject("Port");
        writer.WriteNumber("Kind", (int)spec.Port.Kind);
        writer.WriteNumber("Number", spec.Port.Number);
        writer.WriteEndObject();
        writer.WriteNumber("Protocol", (int)spec.Protocol);
        writer.WriteStartObject("Environment");
        foreach (var (name, value) in spec.Environment)
            writer.WriteString(name, value);
        writer.WriteEndObject();
        writer.WriteString("EnvironmentFile", FileHash(spec.EnvironmentFile));
        writer.WriteNumber("Kind", (int)spec.Inherit.Kind);
        WriteTexts(writer, "Names", spec.Inherit.Names);
        writer.WriteString("Ready", spec.Health.Ready);
        writer.WriteString("Live", spec.Health.Live);
        writer.WriteString("Artifact", spec.Deploy.Artifact);
        writer.WriteStartArray("Dependencies");
        foreach (var dependency in dependencies.Where(dependency => dependency.Variable is not null))
        {
            writer.WriteStartObject();
            writer.WriteString("Variable", dependency.Variable);
            writer.WriteString("Url", dependency.Url);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteTexts(Utf8JsonWriter writer, string name, ImmutableArray<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static string? FileHash(string? file)
    {
        if (file is null || !File.Exists(file))
            return null;
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
