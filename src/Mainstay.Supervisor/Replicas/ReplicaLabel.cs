using System.Text.Json;
using System.Text.Json.Serialization;

namespace Mainstay.Supervisor.Replicas;

/// <summary>What a replica's process is, in the words that outlive the supervisor: whoever comes next goes on from here.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Replica">Such as <c>web-2</c>.</param>
/// <param name="Release">The release it runs.</param>
/// <param name="Port">Where it listens; null for a worker.</param>
/// <param name="Launches">Launches of this replica so far, this one included.</param>
/// <param name="Stage">How far it has come.</param>
/// <param name="Signalled">When it was sent its stop signal, by the monotonic clock, which all processes of a machine share; null: it was not.</param>
internal sealed record ReplicaLabel(string Service, string Replica, int Release, int? Port, int Launches, LifeStage Stage, long? Signalled = null)
{
    public byte[] Format() => JsonSerializer.SerializeToUtf8Bytes(this, ReplicaLabelJson.Default.ReplicaLabel);

    private bool IsPossible => Service is not null && Replica is not null && Port is null or (> 0 and <= ushort.MaxValue) && Stage is >= LifeStage.Starting and <= LifeStage.Stopping;

    /// <summary>Null for anything else, such as the empty label of a build.</summary>
    public static ReplicaLabel? Parse(ReadOnlySpan<byte> label)
    {
        try
        {
            return !label.IsEmpty && JsonSerializer.Deserialize(label, ReplicaLabelJson.Default.ReplicaLabel) is { } read && read.IsPossible ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>How far a life has come.</summary>
internal enum LifeStage
{
    Starting,
    Ready,
    Stopping,
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(ReplicaLabel))]
internal sealed partial class ReplicaLabelJson : JsonSerializerContext;
