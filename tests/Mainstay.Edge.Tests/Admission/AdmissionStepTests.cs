using Mainstay.Edge.Admission;
using Mainstay.Edge.Balancing;
using Mainstay.Edge.Forwarding;
using Mainstay.Edge.Tests.Fakes;
using Mainstay.Manifest.Model;
using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Queues;

namespace Mainstay.Edge.Tests.Admission;

/// <summary>A service that may work on one request at a time.</summary>
public sealed class AdmissionStepTests
{
    [Fact]
    public async Task Who_has_sent_all_that_it_declared_keeps_its_place_though_its_stream_stays_open()
    {
        await using var bench = new ForwardingBench();
        using var gates = new Gates(bench.Clock, new Dice(1), bench.Events);
        var step = new AdmissionStep(bench.Clock, bench.Forwarder.ForwardAsync);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var replica = bench.Admit(1, new ReplicaInMemory(async (attempt, cancel) =>
        {
            if (attempt.Body is { } body)
            {
                var read = await body.ReadAtLeastAsync(5, CancellationToken.None);
                body.AdvanceTo(read.Buffer.End);
                await done.Task.WaitAsync(cancel);
            }
            await ReplicaInMemory.Answer(attempt, 200, "ok");
        }));
        var admission = Apply(gates, bench);
        var (post, get) = (Request(bench, admission, "POST"), Request(bench, admission, "GET"));
        post.Request.ContentLength = 5;
        await post.ClientBody.WriteAsync("hello"u8.ToArray());

        var posting = step.AdmitAsync(post).AsTask();
        var getting = step.AdmitAsync(get).AsTask();
        await LetGoAsync(bench, steps: 40);

        Assert.Equal((1, 1), (replica.Attempts, admission.Keeper!.Gate.State(bench.Clock.Seconds()).InFlight));
        done.SetResult();
        await bench.UntilAsync(Task.WhenAll(posting, getting), TimeSpan.FromSeconds(1));
        Assert.Equal((200, 200, 2), (post.Answer.Status, get.Answer.Status, replica.Attempts));
    }

    [Fact]
    public async Task A_place_is_not_lent_once_all_has_arrived()
    {
        await using var bench = new ForwardingBench();
        using var gates = new Gates(bench.Clock, new Dice(1), bench.Events);
        var admission = Apply(gates, bench);
        var now = bench.Clock.Seconds();
        var place = AtWork(admission, now);
        place.EndUpload(now);

        place.LendWhileUploading(); // by the watch, which had just seen it upload

        Assert.Equal(1, admission.Keeper!.Gate.State(now).InFlight);
        place.Leave();
        Assert.Equal(0, admission.Keeper!.Gate.State(now).InFlight);
    }

    [Fact]
    public async Task What_is_given_up_while_its_client_was_still_sending_leaves_nothing_behind_at_the_service()
    {
        await using var bench = new ForwardingBench();
        using var gates = new Gates(bench.Clock, new Dice(1), bench.Events);
        var admission = Apply(gates, bench);
        var now = bench.Clock.Seconds();
        var place = AtWork(admission, now);
        place.LendWhileUploading();
        bench.Time.Advance(TimeSpan.FromSeconds(30));

        place.GiveUp();
        place.Leave();

        Assert.Equal(0, admission.Keeper!.Gate.State(now + 30).InFlight);
        Assert.Equal(0, admission.Share!.Usual);
    }

    [Fact]
    public async Task A_failure_that_leaves_no_time_to_try_again_counts_for_the_breaker()
    {
        await using var bench = new ForwardingBench();
        using var gates = new Gates(bench.Clock, new Dice(1), bench.Events);
        var step = new AdmissionStep(bench.Clock, bench.Forwarder.ForwardAsync);
        bench.Admit(1, new ReplicaInMemory(async (attempt, cancel) =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(90), bench.Clock, cancel);
            await ReplicaInMemory.Fail(attempt, AttemptFailure.Unanswered, sent: true);
        }));
        bench.Route = bench.Route with { Timeout = TimeSpan.FromMilliseconds(100) };
        var admission = Apply(gates, bench);
        var exchange = Request(bench, admission, "GET");

        await bench.UntilAsync(step.AdmitAsync(exchange).AsTask(), TimeSpan.FromSeconds(1));

        Assert.Equal((504, 1), (exchange.Answer.Status, admission.Breaker.State(bench.Clock.Seconds()).FailuresInARow));
    }

    [Fact]
    public async Task In_a_planned_gap_an_open_breaker_holds_requests_for_the_new_replica_which_closes_it()
    {
        await using var bench = new ForwardingBench();
        using var gates = new Gates(bench.Clock, new Dice(1), bench.Events);
        var step = new AdmissionStep(bench.Clock, bench.Forwarder.ForwardAsync);
        var admission = Apply(gates, bench);
        for (var now = bench.Clock.Seconds(); admission.Breaker.IsClosed; now += 0.1)
            admission.Breaker.Fail(admission.Breaker.TryEnter(now), now);
        var refused = Request(bench, admission, "GET");
        await step.AdmitAsync(refused);
        var held = Request(bench, admission, "GET");
        using (bench.Upstreams.Hold("web"))
        {
            var holding = step.AdmitAsync(held).AsTask();
            await LetGoAsync(bench, steps: 40);
            Assert.False(holding.IsCompleted);
            bench.Admit(1, ReplicaInMemory.Answering("new"));
            await bench.UntilAsync(holding, TimeSpan.FromSeconds(1));
        }

        Assert.Equal((503, 200, true), (refused.Answer.Status, held.Answer.Status, admission.Breaker.IsClosed));
    }

    [Fact]
    public async Task Who_waits_in_vain_in_a_planned_gap_does_not_count_for_the_breaker()
    {
        await using var bench = new ForwardingBench();
        using var gates = new Gates(bench.Clock, new Dice(1), bench.Events);
        var step = new AdmissionStep(bench.Clock, bench.Forwarder.ForwardAsync);
        bench.Route = bench.Route with { Timeout = TimeSpan.FromMilliseconds(100) };
        var admission = Apply(gates, bench);
        using var hold = bench.Upstreams.Hold("web");
        var exchange = Request(bench, admission, "GET");

        await bench.UntilAsync(step.AdmitAsync(exchange).AsTask(), TimeSpan.FromSeconds(1));

        Assert.Equal((503, 0), (exchange.Answer.Status, admission.Breaker.State(bench.Clock.Seconds()).FailuresInARow));
    }

    private static RouteAdmission Apply(Gates gates, ForwardingBench bench)
    {
        var route = bench.Route with { Concurrency = new(ConcurrencyMode.Fixed, 1) };
        gates.Apply(Manifests.Of(ForwardingBench.Service()) with { Routes = [route] });
        return gates.Find(route)!;
    }

    private static Place AtWork(RouteAdmission admission, double now)
    {
        var place = new Place();
        place.Begin(admission, admission.Breaker.TryEnter(now));
        Assert.Equal(AdmissionAnswer.Admitted, place.Ask(admission.Keeper!, now + 30, now));
        place.BeginWork(now);
        return place;
    }

    private static ForwardedExchange Request(ForwardingBench bench, RouteAdmission admission, string method)
    {
        var exchange = bench.Request(method, hasBody: method == "POST");
        exchange.Facts.Route = exchange.Facts.Route! with { Admission = admission };
        return exchange;
    }

    /// <summary>Lets the clock go in steps of 10 ms.</summary>
    private static async Task LetGoAsync(ForwardingBench bench, int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            bench.Time.Advance(TimeSpan.FromMilliseconds(10));
        }
    }
}
