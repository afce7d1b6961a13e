using System.Net;
using Mainstay.Contracts.Listening;
using Mainstay.Edge;
using Mainstay.Manifest.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.Cli.Composition;

/// <summary>A successor shows that it can serve before anything depends on it: an edge of its own, with the same routes, answers a request on a port of its own.</summary>
internal static class WarmUp
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static async Task<bool> SucceedsAsync(ManifestSpec manifest, TimeProvider time)
    {
        var own = manifest with { Edge = manifest.Edge with { Listen = [new("http://127.0.0.1:0", IPAddress.Loopback, 0)] } };
        await using var edge = new EdgeServer(OwnSockets.Instance, time, NullLoggerFactory.Instance, seed: 1);
        using var limit = new CancellationTokenSource(Patience, time);
        await edge.StartAsync(own, limit.Token);
        return await edge.AnswersAsync(limit.Token);
    }
}
