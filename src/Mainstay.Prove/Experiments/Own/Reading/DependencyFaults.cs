using Mainstay.Manifest.Keys;
using Mainstay.Manifest.Model;
using Mainstay.Manifest.Shapes;
using Mainstay.Prove.Experiments.Own.Deeds;
using Mainstay.Prove.Faults.Kinds;

namespace Mainstay.Prove.Experiments.Own.Reading;

/// <summary>Faults of the proxy in front of a dependency.</summary>
internal static class DependencyFaults
{
    private const long MostBytes = 1L << 40;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private static readonly Field<TimeSpan> Delay = new("delay", Scalars.Duration(Scalars.Shortest, Longest), "How much later.");
    private static readonly Field<TimeSpan> Jitter = new("jitter", Scalars.Duration(TimeSpan.Zero, Longest), "Up to this much more or less; default none.", TimeSpan.Zero);
    private static readonly Field<long> PerSecond = new("per_second", Scalars.Size(1, MostBytes), "Of each connection.");
    private static readonly Field<TimeSpan> ResetAfter = new("after_time", Scalars.Duration(TimeSpan.Zero, Longest), "Since the connection; default at once.");
    private static readonly Field<long> AfterBytes = new("after_bytes", Scalars.Size(0, MostBytes), "That pass before it.");
    private static readonly Field<long> Bytes = new("bytes", Scalars.Size(0, MostBytes), "That pass before the connection is closed.");
    private static readonly Field<long> Size = new("size", Scalars.Size(1, 1 << 20), "Of a slice, on average.");
    private static readonly Field<long> Variation = new("variation", Scalars.Size(0, 1 << 20), "Up and down; default none.", 0);
    private static readonly Field<TimeSpan> Gap = new("gap", Scalars.Duration(TimeSpan.Zero, TimeSpan.FromSeconds(10)), "Between slices; default 5ms.", TimeSpan.FromMilliseconds(5));
    private static readonly Field<TimeSpan> CloseAfter = new("close_after", Scalars.Duration(TimeSpan.Zero, Longest), "Default: it stays open.");
    private static readonly Field<int> Count = new("count", Scalars.Integer(1, 1_000_000), "Of connections.");
    private static readonly Field<double> Ratio = new("ratio", Scalars.Ratio, "Of connections; default 50%.", 0.5);
    private static readonly Field<double> OfRequests = new("ratio", Scalars.Ratio, "Of the requests; default all.", 1);
    private static readonly Field<double> OfConnections = new("connections", Scalars.Ratio, "Ratio of the connections that it applies to; default all.", 1);
    private static readonly Field<Flow> Direction = new("direction",
        Scalars.Choice(("answers", Flow.Downstream), ("requests", Flow.Upstream), ("both", Flow.Both)), "Which way; default the answers.", Flow.Downstream);
    private static readonly Field<int> Status = new("status", Scalars.Integer(200, 599), "That the proxy answers with.");
    private static readonly Field<string> Method = new("method", RouteShapes.Method, "Default: any.", null!);
    private static readonly Field<string> Path = new("path", Scalars.Text("the beginning of a path such as /v1/", text =>
        text.Length > 0 && text[0] == '/' ? null : "is no beginning of a path; write one such as /v1/"), "What it begins with; default: any.", null!);

    private static readonly Field[] Ways = [Direction, OfConnections];
    private static readonly Field[] Which = [Method, Path, OfRequests];

    public static FaultKind[] Of(ManifestSpec manifest)
    {
        var dependency = new Field<string>("dependency", RouteNames.Dependencies(manifest), "Which one.", null!);
        return
        [
            Kind("latency", [Delay, Jitter, .. Ways], [Delay], fault => new Latency(fault.Get(Delay), fault.Get(Jitter))),
            Kind("bandwidth", [PerSecond, .. Ways], [PerSecond], fault => new Bandwidth(fault.Get(PerSecond))),
            Kind("blackhole", [OfConnections], [], _ => new Blackhole()),
            Kind("refuse", [], [], _ => new Refuse()),
            Kind("reset", [ResetAfter, AfterBytes, .. Ways], [], fault => new Reset(fault.GetOrNull(ResetAfter), fault.GetOrNull(AfterBytes))),
            Kind("limit", [Bytes, .. Ways], [Bytes], fault => new LimitBytes(fault.Get(Bytes))),
            Kind("slow_close", [Delay, .. Ways], [Delay], fault => new SlowClose(fault.Get(Delay))),
            Kind("slice", [Size, Variation, Gap, .. Ways], [Size], fault => new Slicing((int)fault.Get(Size), (int)fault.Get(Variation), fault.Get(Gap))),
            Kind("stall", [CloseAfter, .. Ways], [], fault => new Stall(fault.GetOrNull(CloseAfter))),
            Kind("fail_first", [Count], [Count], fault => new FirstFail(fault.Get(Count))),
            Kind("flaky", [Ratio], [], fault => new Flaky(fault.Get(Ratio))),
            Kind("http_status", [Status, .. Which], [Status], fault => new HttpStatus(Filter(fault), fault.Get(Status))),
            Kind("http_delay", [Delay, .. Which], [Delay], fault => new HttpDelay(Filter(fault), fault.Get(Delay))),
            Kind("http_reset", [AfterBytes, .. Which], [], fault => new HttpReset(Filter(fault), fault.GetOrNull(AfterBytes) ?? 0)),
        ];

        FaultKind Kind(string word, Field[] fields, Field[] needed, Func<Section, Fault> make) => new(word, [dependency, .. fields], [dependency, .. needed], fault =>
        {
            var made = make(fault);
            // What is silent or works on requests knows only one way.
            var flow = fields.Contains(Direction) ? fault.Get(Direction) : made.Flow;
            return new BreakDependency(fault.Get(dependency), made with { Flow = flow, Toxicity = fault.Get(OfConnections) });
        });
    }

    private static RequestFilter Filter(Section fault) => new(fault.Get(Method), fault.Get(Path), fault.Get(OfRequests));
}
