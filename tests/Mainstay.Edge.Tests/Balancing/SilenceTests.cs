using Mainstay.Edge.Tests.Fakes;

namespace Mainstay.Edge.Tests.Balancing;

/// <summary>A stopped replica accepts requests and answers none, while its peer answers some at once and others after a while.</summary>
public sealed class SilenceTests
{
    private const string Silent = "silent while its peers answer";

    private readonly List<Task> _sent = [];
    private readonly TaskCompletionSource _stalled = new();
    private Task _stands = Task.CompletedTask;
    private int _count;

    [Theory]
    [InlineData(0)]
    [InlineData(400)]
    [InlineData(1000)]
    public async Task It_gets_nothing_any_more_three_seconds_later(int milliseconds)
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, Answering(bench, milliseconds, () => Task.CompletedTask));
        var stopped = bench.Admit(2, Answering(bench, milliseconds, () => _stands));
        await StandStillAsync(bench);
        var before = stopped.Attempts;
        await SendAsync(bench, 3);

        Assert.Equal(Silent, bench.Upstreams.Observe("web", "web-2").EjectedBecause);
        Assert.Equal(before, stopped.Attempts);
        await bench.UntilAsync(Task.WhenAll(_sent), TimeSpan.FromSeconds(2));
    }

    /// <summary>It once took a little longer, so that its peer is always the better choice; and perhaps it has just been admitted.</summary>
    [Theory]
    [InlineData(30)]
    [InlineData(0)]
    public async Task It_is_found_out_where_it_would_get_nothing(int age)
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, ReplicaInMemory.Answering("ok"));
        bench.Time.Advance(TimeSpan.FromSeconds(30 - age));
        var stopped = bench.Admit(2, Answering(bench, 50, () => _stands));
        bench.Time.Advance(TimeSpan.FromSeconds(age));
        await SendAsync(bench, 2);
        _stands = _stalled.Task;
        await SendAsync(bench, 2);

        Assert.Equal(Silent, bench.Upstreams.Observe("web", "web-2").EjectedBecause);
        Assert.InRange(stopped.Attempts, 4, 20);
        await bench.UntilAsync(Task.WhenAll(_sent), TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(1000)]
    public async Task Nobody_is_ejected_where_all_stand_still_for_a_while(int milliseconds)
    {
        await using var bench = new ForwardingBench();
        bench.Admit(1, Answering(bench, milliseconds, () => _stands));
        bench.Admit(2, Answering(bench, milliseconds, () => _stands));
        await StandStillAsync(bench);
        _stands = Task.CompletedTask;
        _stalled.SetResult();
        await SendAsync(bench, 3);

        Assert.Null(bench.Upstreams.Observe("web", "web-1").EjectedBecause);
        Assert.Null(bench.Upstreams.Observe("web", "web-2").EjectedBecause);
        await bench.UntilAsync(Task.WhenAll(_sent), TimeSpan.FromSeconds(2));
    }

    /// <summary>After six good seconds: for three.</summary>
    private async Task StandStillAsync(ForwardingBench bench)
    {
        bench.Time.Advance(TimeSpan.FromSeconds(30));
        await SendAsync(bench, 6);
        _stands = _stalled.Task;
        await SendAsync(bench, 3);
    }

    private Task SendAsync(ForwardingBench bench, int seconds) => bench.SendSteadilyAsync(seconds, _sent);

    /// <summary>Every second request takes its time; all of them, those under way as well, wait for what stands still.</summary>
    private ReplicaInMemory Answering(ForwardingBench bench, int milliseconds, Func<Task> stands) => new(async (attempt, cancel) =>
    {
        attempt.Sent = true;
        await stands().WaitAsync(cancel);
        if (Interlocked.Increment(ref _count) % 2 == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), bench.Time, cancel);
        await stands().WaitAsync(cancel);
        await ReplicaInMemory.Answer(attempt, 200, "ok");
    });
}
