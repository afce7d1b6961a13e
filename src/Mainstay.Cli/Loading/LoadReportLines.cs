using System.Globalization;
using Mainstay.Cli.Terminal;
using Mainstay.Prove.Load;

namespace Mainstay.Cli.Loading;

/// <summary>The summary for people.</summary>
internal static class LoadReportLines
{
    public static IEnumerable<string> Of(LoadReport report, Style style)
    {
        var failed = report.Failed.Values.Sum();
        yield return $"{style.Bold($"{report.Method} {report.Url}")}{(report.Interrupted ? " (interrupted)" : "")}";
        yield return $"  due        {Count(report.Due)} ({Rate(report.DuePerSecond)}), sent {Count(report.Sent)}";
        yield return $"  good       {style.Good(Count(report.Good))} ({Rate(report.GoodPerSecond)})";
        yield return $"  failed     {(failed == 0 ? "0" : style.Bad(Count(failed)) + ": " + string.Join(", ", report.Failed.Select(Kind)))}";
        if (report.Cut > 0)
            yield return $"  cut off    {Count(report.Cut)} were still out at the end";
        yield return $"  latency    {Latencies(report.Latency)}";
        if (failed > 0 && report.Good > 0)
            yield return $"  of good    {Latencies(report.LatencyOfGood)}";
        yield return style.Dim($"  the load   late by {Milliseconds.Of(report.LagP99)} at p99; {report.ProcessorPerRequest * 1e6:0.0} µs of processor time for each request");
    }

    private static string Kind(KeyValuePair<string, long> kind) => $"{Count(kind.Value)} {kind.Key.Replace('_', ' ')}";

    private static string Latencies(LatencyQuantiles latency) =>
        $"p50 {Milliseconds.Of(latency.P50)}  p90 {Milliseconds.Of(latency.P90)}  p99 {Milliseconds.Of(latency.P99)}  p99.9 {Milliseconds.Of(latency.P999)}  max {Milliseconds.Of(latency.Max)}";

    private static string Count(long count) => count.ToString("#,##0", CultureInfo.InvariantCulture);

    private static string Rate(double perSecond) => perSecond.ToString(perSecond < 100 ? "0.0" : "#,##0", CultureInfo.InvariantCulture) + "/s";
}
