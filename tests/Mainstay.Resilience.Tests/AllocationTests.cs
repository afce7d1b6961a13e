using Mainstay.Resilience.Balancing;
using Mainstay.Resilience.Breakers;
using Mainstay.Resilience.Budgets;
using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Limits;
using Mainstay.Resilience.Queues;
using Mainstay.Resilience.RateLimits;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests;

/// <summary>What a request passes on its way allocates nothing for it: what is allocated must be collected, under overload most of all.</summary>
[Collection(Alone.Name)]
public sealed class AllocationTests
{
    private const int Requests = 20_000;

    private readonly Dice _dice = new(1);

    [Fact]
    public void A_gate_that_lets_in_at_once()
    {
        var gate = AdmissionGate.Adaptive();
        var route = gate.AddRoute("/**");
        var ticket = new Request();
        var admitted = 0;
        AssertNothing(request =>
        {
            var now = request * 0.001;
            admitted += gate.Enter(ticket, route, Priority.Normal, now + 1, now) == AdmissionAnswer.Admitted ? 1 : 0;
            gate.Leave(ticket, WorkOutcome.Success, 0.0005, now + 0.0005);
        });
        Assert.Equal(2 * Requests, admitted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_gate_that_lets_wait_and_then_in(bool isAdaptive)
    {
        var gate = isAdaptive ? AdmissionGate.Adaptive(new LimitPolicy(Initial: 1, Highest: 1)) : AdmissionGate.Fixed(1);
        var route = gate.AddRoute("/**");
        var (working, waiting) = (new Request(), new Request());
        gate.Enter(working, route, Priority.Normal, double.MaxValue, 0);
        AssertNothing(request =>
        {
            var now = request * 0.001;
            gate.Enter(waiting, route, Priority.Normal, now + 1, now);
            gate.Leave(working, WorkOutcome.Success, 0.001, now + 0.0005);
            (working, waiting) = (waiting, working);
            gate.Tick(now + 0.0005);
        });
        Assert.Equal(2 * Requests, working.Answers + waiting.Answers);
    }

    [Fact]
    public void A_gate_that_refuses()
    {
        var gate = AdmissionGate.Fixed(1);
        var route = gate.AddRoute("/**");
        gate.Enter(new Request(), route, Priority.Normal, double.MaxValue, 0);
        var tickets = Enumerable.Range(0, 64).Select(_ => new Request()).ToArray();
        var asked = 0;
        AssertNothing(request =>
        {
            var ticket = tickets[asked++ % tickets.Length];
            if (ticket.IsWaiting)
                gate.TryLeaveQueue(ticket, request * 0.001);
            ticket.IsWaiting = gate.Enter(ticket, route, Priority.Normal, double.MaxValue, request * 0.001) == AdmissionAnswer.Queued;
        });
        Assert.True(gate.State(Requests * 0.001).Shed > Requests / 2);
    }

    [Fact]
    public void A_gate_whose_clients_go_and_lend_their_places()
    {
        var gate = AdmissionGate.Adaptive();
        var route = gate.AddRoute("/**");
        var ticket = new Request();
        AssertNothing(request =>
        {
            var now = request * 0.001;
            gate.Enter(ticket, route, Priority.Normal, now + 1, now);
            gate.Suspend(ticket, wasIdle: true, now);
            gate.Resume(ticket, now);
            gate.Abandon(ticket, now + 0.0001);
            gate.Tick(now + 0.0002);
        });
    }

    [Fact]
    public void A_limit_that_is_searched_for()
    {
        var limit = new AdaptiveLimit();
        AssertNothing(request =>
        {
            limit.Pass(limit.Current, waits: true, 0.02, request * 0.001);
            limit.Complete(1, 0.02);
        });
        Assert.NotEqual(LimitCause.Initial, limit.LastChange.Cause);
    }

    [Fact]
    public void A_breaker()
    {
        var breaker = new CircuitBreaker(new BreakerPolicy(), _dice);
        AssertNothing(request =>
        {
            var pass = breaker.TryEnter(request * 0.01);
            if (request % 1000 < 800)
                breaker.Fail(pass, request * 0.01);
            else
                breaker.Succeed(pass, request * 0.01);
        });
        Assert.True(breaker.State(Requests).Opened > 0);
    }

    [Fact]
    public void A_retry_budget()
    {
        var budget = new RetryBudget();
        AssertNothing(request =>
        {
            budget.Earn(request * 0.001);
            budget.TrySpend(request * 0.001);
        });
    }

    [Fact]
    public void A_rate_limit_of_a_known_key()
    {
        var buckets = new KeyedBuckets(new(10, 10));
        for (var key = 0; key < 256; key++)
            buckets.Take((UInt128)key, 0);
        AssertNothing(request => buckets.Take((UInt128)(request % 256), request * 0.001));
    }

    [Fact]
    public void A_choice_of_two()
    {
        var ewma = new PeakEwma(TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(30));
        var ejection = new EjectionState(new EjectionPolicy());
        AssertNothing(request =>
        {
            var (first, second) = PowerOfTwoChoices.Draw(4, _dice);
            PowerOfTwoChoices.FirstWins(ewma.SecondsAt(request * 0.001) * first, 1, ewma.SecondsAt(request * 0.001) * second, 0.5, _dice);
            ewma.Record(0.02, request * 0.001);
            ejection.Record(request % 7 != 0, request * 0.001);
        });
    }

    /// <summary>The first round warms up: what is allocated once is not for a request.</summary>
    private static void AssertNothing(Action<int> serve)
    {
        for (var request = 0; request < Requests; request++)
            serve(request);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var request = Requests; request < 2 * Requests; request++)
            serve(request);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private sealed class Request : Ticket
    {
        public bool IsWaiting { get; set; }

        public int Answers { get; private set; }

        public override void Decided(AdmissionAnswer answer)
        {
            IsWaiting = false;
            Answers++;
        }
    }
}
