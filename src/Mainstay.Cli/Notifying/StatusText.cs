using System.Globalization;
using Mainstay.Cli.Showing;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Notifying;

/// <summary>What <c>systemctl status</c> shows of us, in one line: <c>2 of 3 replicas ready, 120 requests/s</c>.</summary>
internal static class StatusText
{
    /// <param name="report">How it is now.</param>
    /// <param name="requests">Taken within <paramref name="elapsed"/>.</param>
    /// <param name="elapsed">Since the line before.</param>
    public static string Of(StatusReport report, long requests, TimeSpan elapsed)
    {
        var replicas = report.Services.SelectMany(service => service.Replicas).ToList();
        var ready = replicas.Count(replica => replica.State == "ready");
        var perSecond = elapsed > TimeSpan.Zero ? requests / elapsed.TotalSeconds : 0;
        return (replicas.Count == 0 ? "no replicas" : $"{ready} of {Counted.Of(replicas.Count, "replica")} ready")
            + $", {perSecond.ToString(perSecond is > 0 and < 10 ? "0.0" : "0", CultureInfo.InvariantCulture)} requests/s";
    }
}
