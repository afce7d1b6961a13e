using System.Net;
using Mainstay.Prove.Load;
using Mainstay.Prove.Load.Scheduling;
using Mainstay.Prove.Recording;
using Mainstay.Testing;

namespace Mainstay.Prove.Tests.Load;

[Collection(Alone.Name)]
public sealed class LoadRunTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Sends_what_is_due_when_it_is_due()
    {
        using var server = RawServer.Answering(Ok);
        var samples = await Loads.RunAsync(Loads.Plan(server.Port, 500, 2));
        Assert.Equal(1000, samples.Length);
        Assert.All(samples, sample => Assert.Equal((Fate.Answered, 200), (sample.Fate, sample.Status)));
        Assert.All(samples.Zip(samples.Skip(1)), pair => Assert.InRange(pair.Second.ScheduledAt - pair.First.ScheduledAt, 1999, 2001));
        // A busy machine delays some, never most.
        Assert.InRange(samples.Select(sample => sample.Lag).Order().ElementAt(500), 0, 2000);
        Assert.All(samples, sample => Assert.True(sample.ScheduledAt <= sample.SentAt && sample.SentAt <= sample.HeadAt && sample.HeadAt <= sample.EndedAt));
    }

    [Fact]
    public async Task A_server_that_stands_still_is_charged_with_all_who_would_have_come()
    {
        var still = new ManualResetEventSlim(true);
        using var server = RawServer.Serving(client =>
        {
            while (client.ReadHead() is not null)
            {
                still.Wait(Limit);
                client.Write(Ok);
            }
        });
        var log = new SampleLog();
        await using var run = await LoadRun.StartAsync(Loads.Plan(server.Port, 200, 3), new RecordingClock(TimeProvider.System), log);
        await Eventually.True(() => log.Count >= 100, Limit, "it answers");
        still.Reset();
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        still.Set();
        await run.Completion.WaitAsync(Limit);
        var latencies = log.Samples().Select(sample => sample.Latency).Order().ToList();
        Assert.Equal(600, latencies.Count);
        Assert.InRange(latencies[(int)(0.99 * latencies.Count)], 900_000, 5_000_000);
        // A third of the time nobody was served: a closed loop would have seen one slow request.
        Assert.InRange(latencies.Count(latency => latency > 100_000), 150, 500);
    }

    [Fact]
    public async Task Who_waits_for_a_connection_waits_by_the_schedule_and_is_not_sent_once_patience_is_over()
    {
        using var server = RawServer.Serving(client =>
        {
            client.ReadHead();
            client.ReadHead(); // never answers
        });
        var plan = Loads.Plan(server.Port, 100, 0.5, new("GET", "/") { Patience = TimeSpan.FromSeconds(20) }, new("GET", "/") { Patience = TimeSpan.FromSeconds(0.3) });
        var samples = await Loads.RunAsync(plan with { Connections = 2, Drain = TimeSpan.FromSeconds(1) });
        Assert.Equal(50, samples.Length);
        var impatient = samples.Where(sample => sample.Stream == 1).ToList();
        // Unless one of the two connections was theirs.
        Assert.InRange(impatient.Count(sample => sample.Fate == Fate.NotSent), 20, 25);
        Assert.All(impatient.Where(sample => sample.Fate == Fate.NotSent), sample => Assert.Equal(-1, sample.SentAt));
        Assert.All(impatient, sample => Assert.InRange(sample.Latency, 300_000, 1_000_000));
        Assert.All(samples.Where(sample => sample.Stream == 0), sample => Assert.Equal(Fate.Cut, sample.Fate));
    }

    [Fact]
    public async Task To_wait_for_a_busy_connection_is_no_lag_of_the_load()
    {
        using var never = new ManualResetEventSlim();
        using var server = RawServer.Serving(client =>
        {
            while (client.ReadHead() is not null)
            {
                never.Wait(TimeSpan.FromMilliseconds(100));
                client.Write(Ok);
            }
        });
        var samples = await Loads.RunAsync(Loads.Plan(server.Port, 40, 0.5, new StreamSpec("GET", "/")) with { Connections = 1 });
        var waited = samples.Where(sample => sample.SentAt - sample.ScheduledAt > 500_000).ToList();
        Assert.NotEmpty(waited);
        Assert.All(waited, sample => Assert.True(sample.Lag * 2 < sample.SentAt - sample.ScheduledAt, $"{sample}"));
    }

    [Fact]
    public async Task An_answer_that_does_not_come_is_given_up_once_patience_is_over()
    {
        using var server = RawServer.Serving(client =>
        {
            client.ReadHead();
            client.Write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
            client.ReadHead();
        });
        var samples = await Loads.RunAsync(Loads.Plan(server.Port, 100, 0.3, new StreamSpec("GET", "/") { Patience = TimeSpan.FromSeconds(0.3) }));
        Assert.Equal(30, samples.Length);
        Assert.All(samples, sample => Assert.Equal((Fate.TimedOut, (short)0), (sample.Fate, sample.Status)));
        Assert.All(samples, sample => Assert.InRange(sample.Latency, 300_000, 1_000_000));
        Assert.All(samples, sample => Assert.True(sample.HeadAt > sample.SentAt));
    }

    [Fact]
    public async Task What_is_out_when_the_load_ends_is_cut_after_the_drain()
    {
        using var server = RawServer.Serving(client =>
        {
            while (client.ReadHead() is { } head)
            {
                if (head.Contains("/never", StringComparison.Ordinal))
                    client.ReadHead();
                client.Write(Ok);
            }
        });
        var plan = Loads.Plan(server.Port, 100, 0.5, new("GET", "/"), new("GET", "/never")) with { Drain = TimeSpan.FromSeconds(0.2), Connections = 20 };
        var samples = await Loads.RunAsync(plan);
        Assert.Equal(50, samples.Length);
        Assert.All(samples.Where(sample => sample.Stream == 1), sample => Assert.Equal((Fate.Cut, (short)0), (sample.Fate, sample.Status)));
        Assert.Contains(samples, sample => sample.Fate == Fate.Cut && sample.SentAt < 0); // waited for a place
        Assert.Contains(samples, sample => sample.Fate == Fate.Answered);
    }

    [Fact]
    public async Task An_answer_within_the_drain_counts()
    {
        using var server = RawServer.Serving(client =>
        {
            while (client.ReadHead() is not null)
            {
                Task.Delay(TimeSpan.FromSeconds(0.3), TimeProvider.System).Wait();
                client.Write(Ok);
            }
        });
        Assert.All(await Loads.RunAsync(Loads.Plan(server.Port, 100, 0.2)), sample => Assert.Equal(Fate.Answered, sample.Fate));
    }

    [Fact]
    public async Task The_rate_can_be_changed_while_it_runs_and_the_windows_show_it()
    {
        using var server = RawServer.Answering(Ok);
        var log = new SampleLog();
        var plan = new LoadPlan(LoadTarget.Port(server.Port), [new("GET", "/"), new("GET", "/flood") { Weight = 0 }], Pace.Constant(50));
        await using var run = await LoadRun.StartAsync(plan, new RecordingClock(TimeProvider.System), log);
        await Eventually.True(() => run.Windows.Length >= 1, Limit, "a second is over");
        Assert.InRange(run.Windows[0].Count, 40, 51);
        Assert.Equal((0, 0), (run.Windows[0].Failures, run.Windows[0].Shed));
        Assert.InRange(run.Windows[0].Median, 1e-6, run.Windows[0].P95);
        run.SetRate(500);
        run.SetRate(1, 100);
        await Eventually.True(() => run.LastWindow!.Count is >= 590 and <= 610, Limit, "the new rates hold");
        run.SetRate(0);
        run.SetRate(1, 0);
        await Eventually.True(() => run.LastWindow!.Count == 0, Limit, "it rests");
        await run.StopAsync(TimeSpan.FromSeconds(1)).WaitAsync(Limit);
        Assert.Equal(log.Count, run.Windows.Sum(window => window.Count));
        Assert.Equal(log.Count, log.Seconds.Sum(second => second.Sent));
        Assert.Equal(log.Count, log.Seconds.Sum(second => second.Scheduled));
        Assert.InRange(run.LagP99, 0, 1);
    }

    [Fact]
    public async Task A_window_tells_failures_and_refusals_apart()
    {
        using var server = RawServer.Answering("HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n");
        using var failing = RawServer.Answering("HTTP/1.1 503 Broken\r\nContent-Length: 0\r\n\r\n");
        foreach (var (port, shed) in new[] { (server.Port, true), (failing.Port, false) })
        {
            await using var run = await LoadRun.StartAsync(Loads.Plan(port, 50, 1), new RecordingClock(TimeProvider.System), new SampleLog());
            await run.Completion.WaitAsync(Limit);
            Assert.Equal((50, 50, shed ? 50 : 0), (run.Windows.Sum(w => w.Count), run.Windows.Sum(w => w.Failures), run.Windows.Sum(w => w.Shed)));
        }
    }

    [Fact]
    public async Task Streams_come_from_their_own_addresses_on_connections_of_their_own()
    {
        using var server = RawServer.Serving(client =>
        {
            while (client.ReadHead() is not null)
                client.Write($"HTTP/1.1 {(client.Address.Equals(IPAddress.Parse("127.0.0.2")) ? 202 : 201)} OK\r\nContent-Length: 0\r\n\r\n");
        });
        var samples = await Loads.RunAsync(Loads.Plan(server.Port, 100, 0.5, new("GET", "/"), new("GET", "/") { Source = IPAddress.Parse("127.0.0.2") }) with { Connections = 1 });
        Assert.All(samples, sample => Assert.Equal(sample.Stream == 0 ? 201 : 202, sample.Status));
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task A_stop_in_the_middle_of_a_busy_load_leaves_nothing_behind()
    {
        using var server = RawServer.Answering(Ok);
        var log = new SampleLog();
        await using var run = await LoadRun.StartAsync(Loads.Plan(server.Port, 5000, 60), new RecordingClock(TimeProvider.System), log);
        await Eventually.True(() => log.Count > 500, Limit, "it is busy");
        await run.StopAsync(TimeSpan.FromSeconds(5)).WaitAsync(Limit);
        var count = log.Count;
        Assert.Equal(count, log.Seconds.Sum(second => second.Scheduled));
        Assert.All(log.Samples(), sample => Assert.Equal(Fate.Answered, sample.Fate));
        await run.StopAsync(TimeSpan.Zero).WaitAsync(Limit);
    }

    [Fact]
    public async Task Connections_are_opened_as_they_are_needed()
    {
        using var server = RawServer.Serving(client =>
        {
            while (client.ReadHead() is not null)
            {
                Task.Delay(TimeSpan.FromSeconds(0.1), TimeProvider.System).Wait();
                client.Write(Ok);
            }
        });
        Assert.Equal(50, (await Loads.RunAsync(Loads.Plan(server.Port, 100, 0.5))).Length);
        Assert.InRange(server.Connections, 8, 30);
    }

    [Fact]
    public async Task Plans_that_cannot_be_carried_out_are_refused()
    {
        var good = Loads.Plan(1, 1, 1);
        LoadPlan[] plans =
        [
            good with { Streams = [] },
            good with { Connections = 0 },
            good with { Streams = [new("GET ", "/")] },
            good with { Streams = [new("GET", "x")] },
            good with { Streams = [new("GET", "/a b")] },
            good with { Streams = [new("GET", "/") { Headers = [new("A\r\nB", "c")] }] },
            good with { Streams = [new("GET", "/") { Headers = [new("A", "b\r\nc")] }] },
            good with { Streams = [new("GET", "/") { Weight = double.NaN }] },
            good with { Streams = [new("GET", "/") { Patience = TimeSpan.Zero }] },
            good with { Streams = [new("GET", "/") { Source = IPAddress.Parse("10.0.0.1") }] },
            good with { Streams = [new("GET", "/") { Source = IPAddress.IPv6Loopback }] },
        ];
        foreach (var plan in plans)
            await Assert.ThrowsAsync<ArgumentException>(() => LoadRun.StartAsync(plan, new RecordingClock(TimeProvider.System), new SampleLog()));
    }
}
