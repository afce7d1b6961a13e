using Mainstay.Contracts.Keeping;
using Mainstay.Manifest.Keeping;
using Mainstay.Manifest.Model;

namespace Mainstay.Cli.Composition;

/// <summary>What a later core must know of the application as a whole.</summary>
/// <param name="Manifest">As it runs now, whatever is written on the disk.</param>
/// <param name="HasStarted">Its first start was completed: what runs is worth going on with.</param>
internal sealed record RunningNote(ManifestSpec Manifest, bool HasStarted)
{
    private const string ManifestKey = "manifest";
    private const string StartedKey = "started";

    /// <summary>Null if nothing was begun. A note that cannot be read, such as of another version, fails with a <see cref="FormatException"/>.</summary>
    public static RunningNote? Read(INotes notes) => notes.Read(ManifestKey) is { } manifest
        ? new(ManifestJson.Read(manifest), notes.Read(StartedKey) is not null)
        : null;

    public void Write(INotes notes)
    {
        notes.Write(ManifestKey, ManifestJson.Write(Manifest));
        notes.Write(StartedKey, HasStarted ? "1"u8 : default);
    }
}
