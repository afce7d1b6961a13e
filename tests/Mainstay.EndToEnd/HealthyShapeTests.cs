using System.Net.Sockets;
using Mainstay.Testing;
using Mainstay.Testing.Http;
using Mainstay.Testing.Load;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>Apps and loads that are well, whatever their shape: overload control refuses none of their requests.</summary>
public sealed class HealthyShapeTests
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(Repeat.Times(ci: 8, full: 60));
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_steady_load()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Busy.Manifest());
        var before = await run.StatusAsync();
        var report = await OpenLoad.RunAsync(run.Port, Length, seed: 1, Stream("/work", 120) with { Arrivals = Arrivals.Poisson });
        await Busy.AssertLeftAloneAsync(run, report, before, atLeast: 800);
    }

    [Fact]
    public async Task Event_streams_that_stay_open()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(180), TimeProvider.System);
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Busy.Manifest());
        var before = await run.StatusAsync();
        var count = (int)(Length.TotalSeconds * 10) + 20; // ten a second, until after the load
        await using var load = OpenLoad.Start(run.Port, Length, seed: 2, Stream("/work", 100));
        var events = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var connection = await HttpConnection.OpenAsync(run.Port, limit.Token);
            return await connection.SendAsync(new("GET", $"/events?count={count}"), limit.Token);
        }));
        await Busy.AssertLeftAloneAsync(run, await load.ReportAsync(), before, atLeast: 700);
        Assert.All(events, answer => Assert.Equal((200, count), (answer.Status, answer.Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Length)));
    }

    [Fact]
    public async Task Slow_uploads()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Busy.Manifest());
        var before = await run.StatusAsync();
        await using var load = OpenLoad.Start(run.Port, Length, seed: 3, Stream("/work", 100));
        for (var round = 0; load.Elapsed < Length.TotalSeconds - 3.5; round++)
            Assert.All(await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => UploadAsync(run.Port))), answer => Assert.Equal("102400", answer));
        await Busy.AssertLeftAloneAsync(run, await load.ReportAsync(), before, atLeast: 700);
    }

    [Fact]
    public async Task A_cold_start_under_load()
    {
        using var workspace = new Workspace();
        await using var run = MainstayRun.Launch(workspace, Busy.Manifest());
        await Eventually.True(() => ListensAsync(run.Port), TimeSpan.FromSeconds(30), "a listener", () => run.Program.Tail);
        await using var load = OpenLoad.Start(run.Port, Length, seed: 4, Stream("/cold", 100));
        await run.ReadyAsync();
        var before = await run.StatusAsync();
        await Busy.AssertLeftAloneAsync(run, await load.ReportAsync(), before, atLeast: 700);
    }

    [Fact]
    public async Task Bursts_of_a_clock()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Busy.Manifest(places: 8));
        var before = await run.StatusAsync();
        // All within a hundredth of a second, three seconds apart.
        var bursts = Stream("/work", 0) with { Rate = at => at % 3 < 0.01 ? 20_000 : 0 };
        var report = await OpenLoad.RunAsync(run.Port, TimeSpan.FromSeconds(Repeat.Times(ci: 3, full: 20) * 3), seed: 5, bursts);
        await Busy.AssertLeftAloneAsync(run, report, before, atLeast: 550);
    }

    [Fact]
    public async Task One_request_after_a_long_rest()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Busy.Manifest());
        var before = await run.StatusAsync();
        // Longer than any connection is kept.
        var rest = Repeat.Times(ci: 6, full: 100);
        var report = await OpenLoad.RunAsync(run.Port, TimeSpan.FromSeconds(rest + 1), seed: 6, Stream("/work", 0) with { Rate = at => at < 1 ? 20 : at >= rest ? 2 : 0 });
        await Busy.AssertLeftAloneAsync(run, report, before, atLeast: 20);
        Assert.True(report.Slice(from: rest).GoodLatency(1) < 0.5, $"{report}");
    }

    [Fact]
    public async Task A_sawtooth()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Busy.Manifest(places: 8));
        var before = await run.StatusAsync();
        // From 10/s to 200/s and back in four seconds.
        var report = await OpenLoad.RunAsync(run.Port, Length, seed: 7, Stream("/work", 0) with { Rate = at => 10 + (190 * (1 - Math.Abs((at % 4) - 2) / 2)), Arrivals = Arrivals.Poisson });
        await Busy.AssertLeftAloneAsync(run, report, before, atLeast: 700);
    }

    [Fact]
    public async Task One_slow_route_among_fast_ones()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Busy.Manifest() + """

            routes:
              - { path: /slow/**, service: web }
              - { path: /**, service: web }
            """);
        var before = await run.StatusAsync();
        var report = await OpenLoad.RunAsync(run.Port, Length, seed: 8, Stream("/slow/wait/2000", 30), Stream("/", 150), Stream("/work", 50));
        await Busy.AssertLeftAloneAsync(run, report, before, atLeast: 1500);
        Assert.True(report.Slice(stream: "/").GoodLatency(0.99) < 0.5, $"{report}");
    }

    [Fact]
    public async Task Pauses_in_which_every_thread_of_the_app_stands_still()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Busy.Manifest());
        var before = await run.StatusAsync();
        var pid = Assert.Single(await run.ReplicasAsync()).Pid;
        await using var load = OpenLoad.Start(run.Port, Length, seed: 9, Stream("/work", 100));
        // What a collection that stops the world looks like from outside: 300 ms every 3 s.
        while (load.Elapsed < Length.TotalSeconds - 3)
        {
            await Task.Delay(TimeSpan.FromSeconds(2.7), TimeProvider.System);
            Posix.Send(pid, Posix.Stop);
            await Task.Delay(TimeSpan.FromSeconds(0.3), TimeProvider.System);
            Posix.Send(pid, Posix.Continue);
        }
        await Busy.AssertLeftAloneAsync(run, await load.ReportAsync(), before, atLeast: 700);
    }

    [Fact]
    public async Task A_deploy_in_the_middle()
    {
        using var workspace = new Workspace();
        await using var run = await MainstayRun.StartAsync(workspace, Busy.Manifest());
        var before = await run.StatusAsync();
        await using var load = OpenLoad.Start(run.Port, TimeSpan.FromMinutes(3), seed: 10, Stream("/work", 100));
        do
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            var deploy = await run.CommandAsync("deploy", "--force");
            Assert.True(deploy.ExitCode == 0, deploy.Text);
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        }
        while (load.Elapsed < Length.TotalSeconds);
        await Busy.AssertLeftAloneAsync(run, await load.StopAsync(), before, atLeast: 700);
    }

    private static LoadStream Stream(string path, double perSecond) => new(path, path, perSecond) { Patience = Patience };

    /// <summary>100 KiB within three seconds; what the app counted.</summary>
    private static async Task<string> UploadAsync(int port)
    {
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        using var connection = await HttpConnection.OpenAsync(port, limit.Token);
        await connection.WriteAsync("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 102400\r\n\r\n"u8.ToArray(), limit.Token);
        for (var piece = 0; piece < 20; piece++)
        {
            await connection.WriteAsync(new byte[5120], limit.Token);
            await Task.Delay(TimeSpan.FromMilliseconds(150), TimeProvider.System, limit.Token);
        }
        return (await connection.ReadAnswerAsync("POST", limit.Token)).Text;
    }

    private static async Task<bool> ListensAsync(int port)
    {
        try
        {
            (await HttpConnection.OpenAsync(port, CancellationToken.None)).Dispose();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
