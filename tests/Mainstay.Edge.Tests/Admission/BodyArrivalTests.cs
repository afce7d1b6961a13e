using System.Text;
using Mainstay.Edge.Admission;
using Mainstay.Edge.Balancing;
using Mainstay.Edge.Exchanges;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Tests.Fakes;
using Mainstay.Manifest.Model;
using Mainstay.Resilience.Chance;

namespace Mainstay.Edge.Tests.Admission;

public sealed class BodyArrivalTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Clients_that_are_slow_to_send_hold_nothing_of_the_service()
    {
        await using var bench = new ForwardingBench();
        using var gates = new Gates(bench.Clock, new Dice(1), bench.Events);
        var replica = bench.Admit(1, new ReplicaInMemory(EchoAsync));
        var (step, admission) = Apply(gates, bench);
        var slow = Enumerable.Range(0, 100).Select(_ => To(admission, Upload(bench, 5))).ToArray();
        var sending = slow.Select(one => step.AdmitAsync(one).AsTask()).ToArray();
        foreach (var one in slow)
            await one.ClientBody.WriteAsync("he"u8.ToArray());
        var other = To(admission, bench.Request());

        await bench.UntilAsync(step.AdmitAsync(other).AsTask(), Soon);

        Assert.Equal((200, 1, 0), (other.Answer.Status, replica.Attempts, admission.Keeper!.Gate.State(bench.Clock.Seconds()).InFlight));
        foreach (var one in slow)
            await one.ClientBody.WriteAsync("llo"u8.ToArray());
        await bench.UntilAsync(Task.WhenAll(sending), Soon);
        Assert.All(slow, one => Assert.Equal(200, one.Answer.Status));
        Assert.Equal("hello", await slow[^1].TextAsync());
        Assert.Equal(101, replica.Attempts);
    }

    [Fact]
    public async Task Of_a_long_one_it_is_enough_that_what_is_kept_is_there()
    {
        await using var bench = new ForwardingBench();
        using var exchange = Upload(bench, 10_000_000);
        var waiting = BodyArrival.WaitAsync(exchange, bench.Clock).AsTask();
        await exchange.ClientBody.WriteAsync(new byte[ReplayableBody.Limit - 1]);
        Assert.False(waiting.IsCompleted);

        exchange.ClientBody.GetSpan(1)[0] = 7;
        exchange.ClientBody.Advance(1);
        var flushing = exchange.ClientBody.FlushAsync().AsTask(); // its buffer is full

        Assert.True(await waiting.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.True(exchange.RequestBody.TryRead(out var read));
        Assert.Equal(ReplayableBody.Limit, read.Buffer.Length);
        exchange.RequestBody.AdvanceTo(read.Buffer.End);
        await flushing.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0L)]
    public async Task What_declares_nothing_to_wait_for_goes_on_at_once(long? length)
    {
        await using var bench = new ForwardingBench();
        using var exchange = Upload(bench, length);

        var waiting = BodyArrival.WaitAsync(exchange, bench.Clock);

        Assert.True(waiting.IsCompletedSuccessfully && await waiting);
    }

    [Fact]
    public async Task Who_sends_only_when_asked_to_is_not_asked()
    {
        await using var bench = new ForwardingBench();
        using var exchange = Upload(bench, 5);
        exchange.Request.Headers.Add(HeaderId.Expect, "100-continue"u8);

        var waiting = BodyArrival.WaitAsync(exchange, bench.Clock);

        Assert.True(waiting.IsCompletedSuccessfully && await waiting);
    }

    [Fact]
    public async Task One_that_does_not_arrive_is_given_up_and_says_nothing_about_the_service()
    {
        await using var bench = new ForwardingBench();
        using var gates = new Gates(bench.Clock, new Dice(1), bench.Events);
        var replica = bench.Admit(1, new ReplicaInMemory(EchoAsync));
        var (step, admission) = Apply(gates, bench);
        using var exchange = To(admission, Upload(bench, 5));
        await exchange.ClientBody.WriteAsync("he"u8.ToArray());

        await bench.UntilAsync(step.AdmitAsync(exchange).AsTask(), TimeSpan.FromSeconds(3));

        Assert.Equal((408, 0, 0), (exchange.Answer.Status, replica.Attempts, admission.Breaker.State(bench.Clock.Seconds()).FailuresInARow));
        Assert.Contains("did not arrive", await exchange.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_goes_meanwhile_is_let_go()
    {
        await using var bench = new ForwardingBench();
        using var exchange = Upload(bench, 5);
        var waiting = BodyArrival.WaitAsync(exchange, bench.Clock).AsTask();

        exchange.Leave();

        Assert.False(await waiting.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.True(exchange.IsAborted);
    }

    [Fact]
    public async Task A_body_that_breaks_off_is_the_clients_fault()
    {
        await using var bench = new ForwardingBench();
        using var exchange = Upload(bench, 5);
        var waiting = BodyArrival.WaitAsync(exchange, bench.Clock).AsTask();

        await exchange.ClientBody.CompleteAsync(new IOException("broken off"));

        Assert.False(await waiting.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.Equal(400, exchange.Answer.Status);
    }

    [Fact]
    public async Task One_that_is_too_large_is_told_to_whoever_answers_for_that()
    {
        await using var bench = new ForwardingBench();
        using var exchange = Upload(bench, 5);
        await exchange.ClientBody.CompleteAsync(new BodyTooLargeException(3));

        await Assert.ThrowsAsync<BodyTooLargeException>(async () => await BodyArrival.WaitAsync(exchange, bench.Clock));
    }

    private static async ValueTask EchoAsync(Attempt attempt, CancellationToken cancel)
    {
        var text = "";
        if (attempt.Body is { } body)
        {
            var read = await body.ReadAtLeastAsync(5, cancel);
            text = Encoding.ASCII.GetString(read.Buffer);
            body.AdvanceTo(read.Buffer.End);
        }
        await ReplicaInMemory.Answer(attempt, 200, text);
    }

    /// <summary>A service that may work on one request at a time.</summary>
    private static (AdmissionStep Step, RouteAdmission Admission) Apply(Gates gates, ForwardingBench bench)
    {
        var route = bench.Route with { Timeout = TimeSpan.FromSeconds(2), Concurrency = new(ConcurrencyMode.Fixed, 1) };
        bench.Route = route;
        gates.Apply(Manifests.Of(ForwardingBench.Service()) with { Routes = [route] });
        return (new(bench.Clock, bench.Forwarder.ForwardAsync), gates.Find(route)!);
    }

    private static ForwardedExchange Upload(ForwardingBench bench, long? length)
    {
        var exchange = bench.Request("POST", hasBody: true);
        exchange.Request.ContentLength = length;
        return exchange;
    }

    private static ForwardedExchange To(RouteAdmission admission, ForwardedExchange exchange)
    {
        exchange.Facts.Route = exchange.Facts.Route! with { Admission = admission };
        return exchange;
    }
}
