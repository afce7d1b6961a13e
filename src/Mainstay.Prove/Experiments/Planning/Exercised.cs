using System.Collections.Immutable;
using System.Net;
using Mainstay.Manifest.Model;
using Mainstay.Prove.Faults.Requests;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Experiments.Planning;

/// <summary>One request that the load repeats.</summary>
/// <param name="Stream">What the history says of it.</param>
/// <param name="Route">Its route.</param>
/// <param name="Headers">As sent, Host included.</param>
/// <param name="Body">Null: none.</param>
/// <param name="IsWritten">In the manifest; otherwise it is the GET that everybody gets.</param>
internal sealed record Exercised(LoadStream Stream, RouteSpec Route, ImmutableSortedDictionary<string, string> Headers, string? Body, bool IsWritten)
{
    /// <summary>What a request like it looks like at an edge.</summary>
    public Aim AimAt(IPEndPoint edge) => new(Stream.Method, Stream.Path, Headers.GetValueOrDefault("Host", edge.ToString()));
}
