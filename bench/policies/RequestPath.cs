using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using Mainstay.Resilience.Balancing;
using Mainstay.Resilience.Breakers;
using Mainstay.Resilience.Budgets;
using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Queues;
using Mainstay.Resilience.RateLimits;

namespace Policies;

/// <summary>What is decided about one request that is served at once: by each policy alone, and by all in the edge's order.</summary>
public class RequestPath
{
    private const int Keys = 1000;
    private const int Replicas = 4;

    private readonly Dice _dice = new(1);
    private readonly KeyedBuckets _rates = new(new(Rate: 1e6, Burst: 1000));
    private readonly CircuitBreaker _breaker = new(new BreakerPolicy(), new Dice(2));
    private readonly AdmissionGate _gate = AdmissionGate.Adaptive();
    private readonly RetryBudget _budget = new();
    private readonly PeakEwma[] _latencies = [.. Enumerable.Range(0, Replicas).Select(_ => new PeakEwma(TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(30)))];
    private readonly Served _ticket = new();
    private readonly RouteShare _route;
    private int _key;

    public RequestPath()
    {
        _route = _gate.AddRoute("/**");
        _gate.AddRoute("/api/**");
        for (var key = 0; key < Keys; key++)
            _rates.Take((UInt128)key, Seconds());
    }

    [Benchmark(Description = "the clock, read twice")]
    public double Clock() => Seconds() + Seconds();

    [Benchmark(Description = "rate limit, one of 1,000 known keys")]
    public bool RateLimit() => _rates.Take(NextKey(), Seconds()).IsAllowed;

    [Benchmark(Description = "breaker, enter and succeed")]
    public bool Breaker()
    {
        var now = Seconds();
        var pass = _breaker.TryEnter(now);
        return _breaker.Succeed(pass, now) is null;
    }

    [Benchmark(Description = "gate, enter and leave")]
    public bool Gate()
    {
        var now = Seconds();
        var answer = _gate.Enter(_ticket, _route, Priority.Normal, now + 30, now);
        _gate.Leave(_ticket, WorkOutcome.Success, 0.001, now);
        return answer == AdmissionAnswer.Admitted;
    }

    [Benchmark(Description = "retry budget, earn")]
    public void Budget() => _budget.Earn(Seconds());

    [Benchmark(Description = "pick of two among four, and its latency noted")]
    public int Pick()
    {
        var now = Seconds();
        var picked = PickAt(now);
        _latencies[picked].Record(0.001, now);
        return picked;
    }

    [Benchmark(Description = "all of it, with two readings of the clock")]
    public bool All()
    {
        var now = Seconds();
        if (!_rates.Take(NextKey(), now).IsAllowed)
            return false;
        var pass = _breaker.TryEnter(now);
        if (!pass.MayGo || _gate.Enter(_ticket, _route, Priority.Normal, now + 30, now) != AdmissionAnswer.Admitted)
            return false;
        _budget.Earn(now);
        var picked = PickAt(now);
        var then = Seconds();
        _latencies[picked].Record(0.001, then);
        _breaker.Succeed(pass, then);
        _gate.Leave(_ticket, WorkOutcome.Success, 0.001, then);
        return true;
    }

    private static double Seconds() => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    private UInt128 NextKey() => (UInt128)(uint)(_key = (_key + 1) % Keys);

    private int PickAt(double now)
    {
        var (first, second) = PowerOfTwoChoices.Draw(Replicas, _dice);
        return PowerOfTwoChoices.FirstWins(_latencies[first].SecondsAt(now), 1, _latencies[second].SecondsAt(now), 1, _dice) ? first : second;
    }

    private sealed class Served : Ticket
    {
        public override void Decided(AdmissionAnswer answer) => throw new InvalidOperationException("It never waits.");
    }
}
