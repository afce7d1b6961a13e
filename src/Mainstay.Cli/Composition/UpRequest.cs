using Mainstay.Cli.State;

namespace Mainstay.Cli.Composition;

/// <param name="Place">The folder, and the manifest if there is one.</param>
/// <param name="Build">Build even where there is a release.</param>
/// <param name="Command">Instead of a manifest; null: the manifest.</param>
/// <param name="Replicas">With <paramref name="Command"/>.</param>
internal sealed record UpRequest(Place Place, bool Build, IReadOnlyList<string>? Command, int Replicas);
