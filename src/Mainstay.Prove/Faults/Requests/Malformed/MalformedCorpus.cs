using System.Collections.Immutable;

namespace Mainstay.Prove.Faults.Requests.Malformed;

/// <summary>All malformed requests, in a fixed order.</summary>
internal static class MalformedCorpus
{
    public static ImmutableArray<MalformedRequest> All { get; } =
    [
        .. FramingCases.All,
        .. ChunkCases.All,
        .. LineCases.All,
        .. FieldCases.All,
        .. TargetCases.All,
        .. SizeCases.All,
        .. ProtocolCases.All,
    ];
}
