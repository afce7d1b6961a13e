using Mainstay.Testing;
using Mainstay.Testing.Load;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>What is stuck harms nobody else: the latency of the others, second by second, stays what it was before.</summary>
public sealed class IsolationTests
{
    private const double WarmUp = 3;

    /// <summary>Seconds that a p95 or p99 may grow by, if a quarter is less.</summary>
    private const double Margin = 0.005;

    /// <summary>Seconds in which what hangs gathers and the first of its clients give up. Everything must be answered in them, too.</summary>
    private const double Settling = 5;

    private static readonly int Windows = Repeat.Times(ci: 6, full: 30);
    private static readonly double PerSecond = Repeat.Full ? 500 : 200;

    /// <summary>
    /// Seconds that a p99 may grow by where clients come and leave: of 200 requests it is the second slowest, so that one pause of the machine
    /// or of a collector moves it, and there are only six such seconds. The p95 is moved only by what many requests feel.
    /// </summary>
    private static readonly double Pause = Repeat.Full ? Margin : 0.04;

    [Fact]
    public Task A_frozen_service_is_not_felt_by_another() => BestOfThreeAsync(Margin, async () =>
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, $$"""
            name: isolated
            edge: { listen: "http://127.0.0.1:{PORT}" }
            services:
            {{Counter.Service("well", 1)}}
            {{Counter.Service("frozen", 2)}}
            routes:
              - { path: /frozen/**, service: frozen, strip_prefix: /frozen }
              - { path: /well/**, service: well, strip_prefix: /well }
            """);
        var victims = (await run.ReplicasAsync()).Where(replica => replica.Service == "frozen").ToList();
        Assert.Equal(2, victims.Count);
        Latencies latencies;
        try
        {
            latencies = await MeasureAsync(run, "/well/", new("stuck", "/frozen/", PerSecond), () => victims.ForEach(victim => Posix.Send(victim.Pid, Posix.Stop)));
        }
        finally
        {
            victims.ForEach(victim => Posix.Send(victim.Pid, Posix.Continue));
        }
        // And it is found again by itself.
        await using var after = OpenLoad.Start(run.Port, TimeSpan.FromMinutes(1), seed: 2, new LoadStream("again", "/frozen/", 20) { Patience = TimeSpan.FromSeconds(10) });
        await Task.Delay(TimeSpan.FromSeconds(8), TimeProvider.System);
        var end = after.Elapsed;
        var again = (await after.StopAsync()).Slice(from: end - 2);
        Assert.True(again.Sent > 20 && again.Good == again.Sent, $"{again}\n{run.Program.Tail}");
        return latencies;
    });

    /// <summary>
    /// Clients that connect, wait and leave cost the machine time whatever they wait for: before, as many of them hang at another service,
    /// and all that the change of theirs can show is what the hanging does to the service.
    /// </summary>
    [Fact]
    public Task A_route_that_hangs_is_not_felt_by_another_of_the_same_service() => BestOfThreeAsync(Pause, async () =>
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, $$"""
            name: isolated
            edge: { listen: "http://127.0.0.1:{PORT}" }
            services:
            {{Counter.Service("web", 1)}}
            {{Counter.Service("other", 1)}}
            routes:
              - { path: /hang, service: web }
              - { path: /other/hang, service: other, strip_prefix: /other }
              - { path: /**, service: web }
            """);
        var half = WarmUp + Settling + Windows;
        var hanging = new LoadStream("stuck", "/hang", 0) { Rate = at => at < half ? 0 : PerSecond / 2, Patience = TimeSpan.FromSeconds(4) };
        var elsewhere = new LoadStream("elsewhere", "/other/hang", 0) { Rate = at => at < half ? PerSecond / 2 : 0, Patience = TimeSpan.FromSeconds(4) };
        return await MeasureAsync(run, "/", hanging, () => { }, Settling, elsewhere);
    });

    /// <summary>What else the machine does can only make it worse; what is not isolated shows each time.</summary>
    private static async Task BestOfThreeAsync(double marginOfP99, Func<Task<Latencies>> measure)
    {
        Latencies latencies;
        var attempts = 0;
        do
        {
            latencies = await measure();
            TestContext.Current.TestOutputHelper?.WriteLine(latencies.Said);
        }
        while (!latencies.AreUnharmed(marginOfP99) && ++attempts < 3);
        Assert.True(latencies.AreUnharmed(marginOfP99), latencies.Said);
    }

    /// <summary>Half-way the one gets stuck. The other's p95 and p99 of every second, and the medians of them, before and after.</summary>
    private static async Task<Latencies> MeasureAsync(
        MainstayRun run, string path, LoadStream stuck, Action freeze, double settling = 0, params IReadOnlyList<LoadStream> others)
    {
        var half = WarmUp + settling + Windows;
        var length = half + settling + Windows + 1;
        var well = new LoadStream("well", path, PerSecond) { Patience = TimeSpan.FromSeconds(10) };
        await using var load = OpenLoad.Start(run.Port, TimeSpan.FromSeconds(length), seed: 1, [well, stuck, .. others]);
        await Task.Delay(TimeSpan.FromSeconds(Math.Max(0, half - load.Elapsed)), TimeProvider.System);
        freeze();
        var report = await load.ReportAsync();
        var before = Tail.Of(report, WarmUp + settling);
        var after = Tail.Of(report, half + settling);
        var said = $"{before} before, {after} after\np99 by second: "
            + string.Join(' ', report.Seconds("well").Select(second => $"{second.GoodLatency(0.99) * 1000:0}")) + $"\n{report}";
        var all = report.Slice(stream: "well");
        Assert.True(all.Sent > PerSecond * (length - 1) && all.Good == all.Sent && all.GoodLatency(1) < 1, $"{said}\n{run.Program.Tail}");
        // It was stuck: a second after, nothing of it was answered any more (later its replicas may have been replaced).
        Assert.Equal(0, report.Slice(from: half + 1, to: half + 4, stream: stuck.Name).Good);
        return new(before, after, said);
    }

    private sealed record Latencies(Tail Before, Tail After, string Said)
    {
        public bool AreUnharmed(double marginOfP99) => IsUnharmed(Before.P95, After.P95, Margin) && IsUnharmed(Before.P99, After.P99, marginOfP99);

        private static bool IsUnharmed(double before, double after, double margin) => after <= Math.Max(1.25 * before, before + margin);
    }

    /// <summary>In seconds; of the p95 and of the p99 of every second the median.</summary>
    private sealed record Tail(double P95, double P99)
    {
        public static Tail Of(OpenLoadReport report, double from)
        {
            var seconds = Enumerable.Range(0, Windows).Select(window => report.Slice(from + window, from + window + 1, "well")).ToList();
            return new(Median(0.95), Median(0.99));

            double Median(double quantile) => seconds.Select(second => second.GoodLatency(quantile)).Order().ElementAt(Windows / 2);
        }

        public override string ToString() => $"p95 {P95 * 1000:0.0} ms, p99 {P99 * 1000:0.0} ms";
    }
}
