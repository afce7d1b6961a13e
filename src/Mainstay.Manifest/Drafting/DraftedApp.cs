using System.Collections.Immutable;

namespace Mainstay.Manifest.Drafting;

/// <param name="Source">What it was recognised by, such as <c>package.json</c>; without services: why that was not enough.</param>
/// <param name="Services">The first one with a port gets every request that no other takes.</param>
internal sealed record DraftedApp(string Source, ImmutableArray<DraftedService> Services);

/// <param name="Name">A service's name.</param>
/// <param name="Command">Program and arguments.</param>
/// <param name="Note">A sentence above the command: what to look at.</param>
internal sealed record DraftedService(string Name, ImmutableArray<string> Command, string? Note = null)
{
    /// <summary>Listens nowhere.</summary>
    public bool IsWorker { get; init; }

    /// <summary>Relative to the manifest; null for the manifest's own folder.</summary>
    public string? Directory { get; init; }

    public ImmutableArray<string> Build { get; init; } = [];

    public string? Artifact { get; init; }

    public ImmutableArray<string> Before { get; init; } = [];
}
