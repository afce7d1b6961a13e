using Mainstay.Testing;
using Mainstay.Testing.Http;
using Mainstay.Testing.Load;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>Ten times as many requests as the app can serve: it goes on serving as many as it can, quickly, and the others are told at once.</summary>
public sealed class OverloadTests
{
    private const string Routes = """

        routes:
          - { path: /critical, service: web, priority: critical }
          - { path: /**, service: web }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData(4, 20)]
    [InlineData(1, 20)]
    public async Task Keeps_nearly_all_of_its_capacity(int places, int milliseconds)
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(
            workspace, Counter.Manifest(replicas: 1, $"environment: {{ PLACES: \"{places}\", WORK_MS: \"{milliseconds}\" }}") + Routes);
        var capacity = await CapacityAsync(run.Port, 2 * places, TimeSpan.FromSeconds(4));
        var length = TimeSpan.FromSeconds(Repeat.Times(ci: 15, full: 40));
        await using var load = SteadyLoad.Start(run.Port, 10 * capacity, _ => new("GET", "/work"), patience: Patience);
        await using var critical = SteadyLoad.Start(run.Port, 0.2 * capacity, _ => new("GET", "/critical"), patience: Patience);
        await Task.Delay(length, TimeProvider.System);
        var offered = await load.StopAsync();
        var important = (await critical.StopAsync()).Samples.Where(sample => sample.SentAt >= WarmUp).ToList();
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        await using var after = SteadyLoad.Start(run.Port, 0.5 * capacity, _ => new("GET", "/work"), patience: Patience);
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        var recovered = await after.StopAsync();

        var steady = offered.Samples.Where(sample => sample.SentAt >= WarmUp).ToList();
        var good = steady.Where(sample => sample.Failure is null).ToList();
        var refused = steady.Where(sample => sample.Failure == "status 503").ToList();
        var goodput = (good.Count + important.Count(sample => sample.Failure is null)) / (length - WarmUp).TotalSeconds / capacity;
        var inTime = important.Count(sample => sample.Failure is null && sample.Took <= TimeSpan.FromMilliseconds(250)) / (double)important.Count;
        var said = $"capacity {capacity:0}/s, goodput {goodput:P1}, median {Median(good).TotalMilliseconds:0} ms, {refused.Count} of {steady.Count} refused after "
            + $"{Median(refused).TotalMilliseconds:0.0} ms, critical in time {inTime:P2} of {important.Count}, afterwards {recovered.Failed} of {recovered.Total} failed; "
            + string.Join(", ", steady.GroupBy(sample => sample.Failure).Select(group => $"{group.Key ?? "good"}: {group.Count()}"));
        TestContext.Current.TestOutputHelper?.WriteLine(said);
        // Ten seconds on a shared machine show whether it holds at all (an untuned proxy keeps a twelfth); the promised figures are judged in full.
        Assert.True(goodput >= (Repeat.Full ? 0.95 : 0.6), said);
        Assert.True(Median(refused) <= TimeSpan.FromMilliseconds(Repeat.Full ? 20 : 100), said);
        if (Repeat.Full)
        {
            Assert.True(Median(good) <= TimeSpan.FromMilliseconds((places == 1 ? 6 : 3) * milliseconds), said);
            Assert.True(inTime >= 0.999, said);
        }
        Assert.True(recovered.Failed == 0, said);
    }

    [Fact]
    public async Task Refuses_nobody_below_its_capacity()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(replicas: 1) + Routes);
        var capacity = await CapacityAsync(run.Port, 8, TimeSpan.FromSeconds(3));
        await using var load = SteadyLoad.Start(run.Port, 0.7 * capacity, _ => new("GET", "/work"));
        await Task.Delay(TimeSpan.FromSeconds(Repeat.Times(ci: 8, full: 300)), TimeProvider.System);
        Counter.AssertNoneFailed(await load.StopAsync(), atLeast: 600, run);
    }

    [Theory]
    [InlineData("/bimodal", 100)]
    [InlineData("/poll", 40)]
    [InlineData("/slow?ms=300", 100)]
    public async Task Leaves_a_healthy_app_alone(string path, int perSecond)
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(replicas: 1));
        await using var load = SteadyLoad.Start(run.Port, perSecond, _ => new("GET", path));
        await Task.Delay(TimeSpan.FromSeconds(Repeat.Times(ci: 10, full: 60)), TimeProvider.System);
        Counter.AssertNoneFailed(await load.StopAsync(), atLeast: 300, run);
    }

    [Fact]
    public async Task A_route_that_hangs_stops_no_other_route()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Counter.Manifest(replicas: 1) + """

            routes:
              - { path: /hang, service: web }
              - { path: /**, service: web }
            """);
        await using var hanging = SteadyLoad.Start(run.Port, 100, _ => new("GET", "/hang"), patience: TimeSpan.FromSeconds(4));
        await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System);
        await using var load = SteadyLoad.Start(run.Port, 100, _ => new("GET", "/"));
        await Task.Delay(TimeSpan.FromSeconds(Repeat.Times(ci: 5, full: 30)), TimeProvider.System);
        var report = await load.StopAsync();
        Counter.AssertNoneFailed(report, atLeast: 400, run);
        Assert.True(report.Samples.Max(sample => sample.Took) < TimeSpan.FromSeconds(1), $"{report}");
    }

    private static TimeSpan Median(List<LoadSample> samples) =>
        samples.Count == 0 ? TimeSpan.Zero : samples.Select(sample => sample.Took).Order().ElementAt(samples.Count / 2);

    /// <summary>Answers per second when so many clients ask one after the other.</summary>
    private static async Task<double> CapacityAsync(int port, int clients, TimeSpan length)
    {
        await AskAsync(port, clients, TimeSpan.FromSeconds(1)); // cold code does not count
        return await AskAsync(port, clients, length) / length.TotalSeconds;
    }

    private static async Task<int> AskAsync(int port, int clients, TimeSpan length)
    {
        using var over = new CancellationTokenSource(length, TimeProvider.System);
        var answers = await Task.WhenAll(Enumerable.Range(0, clients).Select(async _ =>
        {
            var count = 0;
            using var connection = await HttpConnection.OpenAsync(port, CancellationToken.None);
            for (; !over.IsCancellationRequested; count++)
                Assert.Equal(200, (await connection.SendAsync(new("GET", "/work"), CancellationToken.None)).Status);
            return count;
        }));
        return answers.Sum();
    }
}
