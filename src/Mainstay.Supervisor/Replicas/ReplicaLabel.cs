using System.Buffers;
using System.Text.Json;
using Mainstay.Manifest.Keeping;

namespace Mainstay.Supervisor.Replicas;

/// <summary>What a replica's process is, in the words that outlive the supervisor: whoever comes next goes on from here. Written out by hand: clients wait while it is read.</summary>
/// <param name="Service">The service's name.</param>
/// <param name="Replica">Such as <c>web-2</c>.</param>
/// <param name="Release">The release it runs.</param>
/// <param name="Port">Where it listens; null for a worker.</param>
/// <param name="Launches">Launches of this replica so far, this one included.</param>
/// <param name="Stage">How far it has come.</param>
/// <param name="Since">Since when it has been at that stage, by the wall clock, which people are shown; null: an earlier version did not say.</param>
/// <param name="Signalled">When it was sent its stop signal, by the monotonic clock, which all processes of a machine share; null: it was not.</param>
internal sealed record ReplicaLabel(
    string Service, string Replica, int Release, int? Port, int Launches, LifeStage Stage, DateTimeOffset? Since = null, long? Signalled = null)
{
    public byte[] Format()
    {
        var written = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(written))
        {
            json.WriteStartObject();
            json.WriteString(nameof(Service), Service);
            json.WriteString(nameof(Replica), Replica);
            json.WriteNumber(nameof(Release), Release);
            if (Port is { } port)
                json.WriteNumber(nameof(Port), port);
            json.WriteNumber(nameof(Launches), Launches);
            json.WriteString(nameof(Stage), Stage.ToString());
            if (Since is { } since)
                json.WriteString(nameof(Since), since);
            if (Signalled is { } signalled)
                json.WriteNumber(nameof(Signalled), signalled);
            json.WriteEndObject();
        }

        return written.WrittenSpan.ToArray();
    }

    private bool IsPossible => Port is null or (> 0 and <= ushort.MaxValue);

    /// <summary>Null for anything else, such as the empty label of a build.</summary>
    public static ReplicaLabel? Parse(ReadOnlySpan<byte> label)
    {
        if (label.IsEmpty)
            return null;
        try
        {
            var part = JsonPart.Parse(label, "the label of a replica");
            var read = new ReplicaLabel(
                part.Text(nameof(Service)),
                part.Text(nameof(Replica)),
                part.Whole(nameof(Release)),
                part.WholeOrNull(nameof(Port)),
                part.Whole(nameof(Launches)),
                part.Choice<LifeStage>(nameof(Stage)),
                part.InstantOrNull(nameof(Since)),
                part.LongOrNull(nameof(Signalled)));
            return read.IsPossible ? read : null;
        }
        catch (FormatException)
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
