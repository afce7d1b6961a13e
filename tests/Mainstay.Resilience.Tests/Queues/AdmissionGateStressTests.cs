using System.Diagnostics;
using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Limits;
using Mainstay.Resilience.Queues;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.Queues;

/// <summary>Many threads at one gate, as fast as they can.</summary>
[Collection(Alone.Name)]
public sealed class AdmissionGateStressTests(ITestOutputHelper output)
{
    private const int Threads = 8;
    private const int TicketsEach = 24;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(2);

    private static readonly GatePolicy Policy = new(
        Patience: 0.002, FifoPatience: 0.0005, ShortestWait: 0.001, LongestWait: 0.005, Calm: 0.02, Places: 100, Ghosts: 4, LongestGhost: 0.001, CriticalPlaces: 4);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_request_is_answered_once_and_nothing_is_left(bool isAdaptive)
    {
        var gate = isAdaptive ? AdmissionGate.Adaptive(new LimitPolicy(Initial: 8, Highest: 64), Policy) : AdmissionGate.Fixed(8, Policy);
        var routes = Enumerable.Range(0, 4).Select(route => gate.AddRoute($"/{route}", observe: route == 3)).ToArray();
        var workers = Enumerable.Range(0, Threads).Select(worker => new Worker(gate, routes, new Dice(worker))).ToArray();
        var threads = workers.Select(worker => new Thread(worker.Run)).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();

        var now = Seconds() + 1;
        gate.Tick(now);
        gate.Tick(now + 1);
        var asked = workers.Sum(worker => worker.Asked);
        var answers = workers.Aggregate(new int[5], (sum, worker) => [.. sum.Zip(worker.Answers, (one, other) => one + other)]);
        output.WriteLine($"{asked} requests: {string.Join(", ", Enum.GetValues<AdmissionAnswer>().Select(answer => $"{answer} {answers[(int)answer]}"))}, left {workers.Sum(worker => worker.LeftQueue)}; {gate.State(now + 1)}");
        Assert.All(workers, worker => Assert.Null(worker.Violation));
        Assert.Equal(asked, answers.Sum() + workers.Sum(worker => worker.LeftQueue));
        Assert.True(gate.State(now + 1) is { InFlight: 0, Queued: 0, IsOverloaded: false });
        Assert.All(routes, route => Assert.Equal((0, 0), (route.InFlight, route.Queued)));
        Assert.True(asked > 10_000 && answers[(int)AdmissionAnswer.Admitted] > 1000 && (isAdaptive || answers[(int)AdmissionAnswer.Shed] > 100));
    }

    private static double Seconds() => Stopwatch.GetTimestamp() / (double)Stopwatch.Frequency;

    private sealed class Worker(AdmissionGate gate, RouteShare[] routes, Dice dice)
    {
        private readonly Request[] _requests = [.. Enumerable.Range(0, TicketsEach).Select(_ => new Request())];

        public int Asked { get; private set; }

        public int LeftQueue { get; private set; }

        public int[] Answers { get; } = new int[5];

        public string? Violation { get; private set; }

        public void Run()
        {
            var end = Seconds() + Length.TotalSeconds;
            while (Seconds() < end && Violation is null)
                Step(_requests[dice.Below(TicketsEach)]);
            foreach (var request in _requests)
                End(request);
        }

        private void Step(Request request)
        {
            var now = Seconds();
            switch (request.Doing)
            {
                case Doing.Outside:
                    Asked++;
                    request.Doing = Doing.Asking;
                    var answer = gate.Enter(request, routes[dice.Below(routes.Length)], (Priority)dice.Below(3), now + (dice.Below(3) == 0 ? 0.002 : 5), now);
                    request.Doing = Doing.Waiting;
                    if (answer != AdmissionAnswer.Queued)
                        Note(request, answer);
                    break;
                case Doing.Waiting when request.TryTakeDecision(out var decision):
                    Note(request, decision);
                    break;
                case Doing.Waiting when dice.Below(8) == 0:
                    if (gate.TryLeaveQueue(request, now))
                        Leave(request);
                    break;
                case Doing.AtWork:
                    Work(request, now);
                    break;
                case Doing.Lent:
                    gate.Resume(request, now);
                    request.Doing = Doing.AtWork;
                    break;
            }
            if (dice.Below(64) == 0)
                gate.Tick(now);
        }

        private void Work(Request request, double now)
        {
            switch (dice.Below(8))
            {
                case 0:
                    gate.Suspend(request, wasIdle: true, now);
                    request.Doing = Doing.Lent;
                    return;
                case 1:
                    gate.Abandon(request, now);
                    break;
                case 2:
                    gate.Leave(request, WorkOutcome.Ignored, double.NaN, now);
                    break;
                default:
                    gate.Leave(request, WorkOutcome.Success, 0.0005, now);
                    break;
            }
            request.Doing = Doing.Outside;
        }

        private void End(Request request)
        {
            // A decision may have been made, and not yet been told.
            while (request.Doing == Doing.Waiting)
            {
                if (request.TryTakeDecision(out var decision))
                    Note(request, decision);
                else if (gate.TryLeaveQueue(request, Seconds()))
                    Leave(request);
                else
                    Thread.Yield();
            }
            if (request.Doing is Doing.AtWork or Doing.Lent)
                gate.Leave(request, WorkOutcome.Success, 0.0005, Seconds());
            if (request.TryTakeDecision(out var late))
                Violation = $"told {late} after the end";
        }

        private void Note(Request request, AdmissionAnswer answer)
        {
            Answers[(int)answer]++;
            if (answer == AdmissionAnswer.Queued)
                Violation = "decided to wait";
            request.Doing = answer == AdmissionAnswer.Admitted ? Doing.AtWork : Doing.Outside;
            if (request.TryTakeDecision(out var again))
                Violation = $"told {answer} and then {again}";
        }

        private void Leave(Request request)
        {
            LeftQueue++;
            request.Doing = Doing.Outside;
            if (request.TryTakeDecision(out var decision))
                Violation = $"left, and told {decision}";
        }
    }

    private enum Doing
    {
        Outside,
        Asking,
        Waiting,
        AtWork,
        Lent,
    }

    private sealed class Request : Ticket
    {
        private const int None = -1;
        private const int Twice = -2;

        private int _decision = None;

        /// <summary>Its thread's.</summary>
        public Doing Doing { get; set; }

        public override void Decided(AdmissionAnswer answer)
        {
            if (Interlocked.CompareExchange(ref _decision, (int)answer, None) != None)
                Volatile.Write(ref _decision, Twice);
        }

        public bool TryTakeDecision(out AdmissionAnswer answer)
        {
            var decision = Interlocked.Exchange(ref _decision, None);
            answer = decision == Twice ? AdmissionAnswer.Queued : (AdmissionAnswer)Math.Max(0, decision);
            return decision != None;
        }
    }
}
