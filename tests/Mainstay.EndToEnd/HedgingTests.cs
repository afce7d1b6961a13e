using Mainstay.Testing;
using Mainstay.Testing.Load;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>Two replicas that are quick but for three requests in a hundred: hedged, those are hardly felt, for a few attempts more.</summary>
public sealed class HedgingTests
{
    private const string Routes = """

        routes:
          - { path: /hedged/**, strip_prefix: /hedged, service: web, hedge: p95 }
          - { path: /**, service: web }
        """;

    private const string Tail = "/tail?percent=3&ms=400";

    [Fact]
    public async Task Takes_the_tail_off_for_a_few_attempts_more()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(replicas: 2) + Routes);
        var length = TimeSpan.FromSeconds(Repeat.Times(ci: 12, full: 60));
        // Both at once: whatever else the machine does, it does to both.
        await using var hedged = SteadyLoad.Start(run.Port, 100, _ => new("GET", "/hedged" + Tail));
        await using var plain = SteadyLoad.Start(run.Port, 100, _ => new("GET", Tail));
        await Task.Delay(length, TimeProvider.System);
        var (with, without) = (Steady(await hedged.StopAsync()), Steady(await plain.StopAsync()));
        var status = (await run.StatusAsync()).GetProperty("edge").GetProperty("routes").EnumerateArray()
            .Single(route => route.GetProperty("route").GetString() == "/hedged/**").GetProperty("hedge");
        var (made, won) = (status.GetProperty("made").GetInt64(), status.GetProperty("won").GetInt64());

        var said = $"hedged {with}, plain {without}; {status}; {made / (double)hedged.Answered:P1} more attempts, {won} won";
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{said}; p50 {with.Percentile(0.5).TotalMilliseconds:0.0}/{without.Percentile(0.5).TotalMilliseconds:0.0}, p95 {with.Percentile(0.95).TotalMilliseconds:0.0}/"
            + $"{without.Percentile(0.95).TotalMilliseconds:0.0}, p99 {with.Percentile(0.99).TotalMilliseconds:0.0}/{without.Percentile(0.99).TotalMilliseconds:0.0}");
        Assert.True(with.Failed == 0 && without.Failed == 0, said);
        Assert.True(without.Percentile(0.99) >= TimeSpan.FromMilliseconds(400), said);
        Assert.True(with.Percentile(0.99) <= TimeSpan.FromMilliseconds(Repeat.Full ? 100 : 250), said);
        Assert.True(made <= 0.1 * hedged.Answered, said);
        Assert.True(won > 0 && won <= made, said);
    }

    /// <summary>Without the start: what is usual must be known first.</summary>
    private static LoadReport Steady(LoadReport report) => new([.. report.Samples.Where(sample => sample.SentAt >= TimeSpan.FromSeconds(2))]);
}
