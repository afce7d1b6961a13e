using System.Collections.Immutable;

namespace Mainstay.Prove.Faults.Toxiproxy.Serving;

/// <summary>A request to the API.</summary>
/// <param name="Path">Its segments, decoded.</param>
/// <param name="Body">At most <see cref="ApiReader.MostBodyBytes"/>.</param>
/// <param name="Close">The client wants no more after it.</param>
internal sealed record ApiRequest(string Method, ImmutableArray<string> Path, ReadOnlyMemory<byte> Body, bool Close);

/// <summary>An answer: JSON, or nothing.</summary>
internal sealed record ApiAnswer(int Status, byte[]? Json = null);

/// <summary>A request that cannot be served: what the client is told.</summary>
internal sealed class ApiException(int status, string message) : Exception(message)
{
    public int Status => status;
}
