using Mainstay.Prove.Load;

namespace Mainstay.Cli.Loading;

/// <summary>The document of <c>load --json</c>. Seconds, requests, requests per second.</summary>
/// <param name="Url">What was asked for.</param>
/// <param name="Method">Of the requests.</param>
/// <param name="Due">Requests that were due.</param>
/// <param name="Sent">Those that were sent.</param>
/// <param name="Good">Those with a good answer.</param>
/// <param name="Failed">Those without, by kind: <c>status_NNN</c>, <c>not_sent</c>, <c>refused</c>, <c>reset</c>, <c>timed_out</c>, <c>malformed</c>.</param>
/// <param name="Cut">Those still out at the end: neither good nor failed.</param>
/// <param name="DuePerSecond">The rate at which they were due, from the first to the last.</param>
/// <param name="GoodPerSecond">Good answers at that time scale.</param>
/// <param name="Latency">Of all but the cut ones, from when they were due.</param>
/// <param name="LatencyOfGood">Of the good ones.</param>
/// <param name="LagP99">How late the generator itself was with 99 % of them, at most.</param>
/// <param name="WaitP99">That, and waiting for a connection.</param>
/// <param name="ProcessorPerRequest">Processor time of the thread that sends and reads, seconds; with HTTP/2 of the process.</param>
/// <param name="Interrupted">It ended early.</param>
/// <param name="Warnings">What casts doubt on the figures.</param>
/// <param name="Windows">Second by second.</param>
internal sealed record LoadReport(
    string Url,
    string Method,
    long Due,
    long Sent,
    long Good,
    IReadOnlyDictionary<string, long> Failed,
    long Cut,
    double DuePerSecond,
    double GoodPerSecond,
    LatencyQuantiles Latency,
    LatencyQuantiles LatencyOfGood,
    double LagP99,
    double WaitP99,
    double ProcessorPerRequest,
    bool Interrupted,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<LoadWindow> Windows)
{
    public static LoadReport Of(LoadPlan plan, LoadTotals totals, LoadRun run, bool interrupted) => new(
        $"http://{plan.Target.Host}{plan.Streams[0].Path}",
        plan.Streams[0].Method,
        totals.Due,
        totals.Sent,
        totals.Good,
        FailuresByKind.Of(plan.Streams[0], totals),
        totals.Cut,
        totals.PerSecond,
        totals.Due == 0 ? 0 : totals.PerSecond * totals.Good / totals.Due,
        totals.All,
        totals.OfGood,
        run.LagP99,
        totals.WaitP99,
        totals.Sent == 0 ? 0 : run.ProcessorTime.TotalSeconds / totals.Sent,
        interrupted,
        [.. LoadWarnings.Of(plan, totals, run.LagP99)],
        run.Windows);
}
