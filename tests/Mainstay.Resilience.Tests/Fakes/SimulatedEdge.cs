using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Queues;

namespace Mainstay.Resilience.Tests.Fakes;

/// <summary>Clients, a gate or none, and a service: requests come as they like, wait at the gate, are worked on or refused.</summary>
internal sealed class SimulatedEdge(VirtualTime time, AdmissionGate? gate, ISimulatedService service, Dice dice)
{
    public List<(double At, double Latency, Priority Priority)> Good { get; } = [];

    public List<(double At, double Latency, Priority Priority)> Refused { get; } = [];

    /// <summary>Failed by the service.</summary>
    public List<double> Failed { get; } = [];

    /// <summary>Clients whose patience was over.</summary>
    public List<double> GivenUp { get; } = [];

    public int Offered { get; private set; }

    /// <summary>When something was asked, by clients that try again included.</summary>
    public List<double> Asked { get; } = [];

    public int Attempts => Asked.Count;

    public int GaveUp => GivenUp.Count;

    /// <summary>Clients wait so long.</summary>
    public double Patience { get; set; } = 1;

    /// <summary>So often a client tries again, at once, when it is refused, failed, or left without an answer.</summary>
    public int TriesAgain { get; set; }

    /// <summary>Requests per second from now on, by chance (Poisson); until the simulated time.</summary>
    public void Offer(Func<double, double> rate, double until, RouteShare route, Priority priority = Priority.Normal, double factor = 1)
    {
        var now = rate(time.Now);
        var wait = now <= 0 ? 0.01 : -Math.Log(1 - dice.Unit()) / now;
        if (now <= 0 || wait > 0.25)
            wait = Math.Min(wait, 0.25); // look again: the rate may have changed
        var comes = now > 0 && wait < 0.25;
        if (time.Now + wait > until)
            return;
        time.After(wait, () =>
        {
            if (comes)
                Send(route, priority, factor);
            Offer(rate, until, route, priority, factor);
        });
    }

    public void Send(RouteShare route, Priority priority = Priority.Normal, double factor = 1)
    {
        Offered++;
        Try(new Call(route, priority, factor, time.Now), TriesAgain);
    }

    /// <summary>A request whose client is slow to send, with a gate: it lends its place to others from the next look on, and never ends.</summary>
    public void Upload(RouteShare route) => Enter(new SlowUpload(this), route, Priority.Normal);

    private void Try(Call call, int left)
    {
        Asked.Add(time.Now);
        var request = new Request(this, call, left);
        Enter(request, call.Route, call.Priority);
        time.After(Patience, request.GiveUp);
    }

    private void Enter(Ticket ticket, RouteShare route, Priority priority)
    {
        var answer = gate?.Enter(ticket, route, priority, time.Now + 30, time.Now) ?? AdmissionAnswer.Admitted;
        if (answer != AdmissionAnswer.Queued)
            ticket.Decided(answer);
    }

    /// <summary>The gate's clock.</summary>
    public void Tick(double until)
    {
        gate?.Tick(time.Now);
        if (time.Now < until)
            time.After(0.005, () => Tick(until));
    }

    public double GoodPerSecond(double from, double to) => Good.Count(good => good.At >= from && good.At < to) / (to - from);

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }

    /// <summary>What a client wants.</summary>
    private sealed record Call(RouteShare Route, Priority Priority, double Factor, double Came);

    /// <summary>One attempt at it.</summary>
    private sealed class Request(SimulatedEdge edge, Call call, int left) : Ticket
    {
        private double _began = double.NaN;
        private bool _isOver;

        public override void Decided(AdmissionAnswer answer)
        {
            var now = edge.Now;
            if (answer == AdmissionAnswer.Admitted)
            {
                _began = now;
                edge.Service.Take(Done, call.Factor);
                return;
            }
            _isOver = true;
            edge.Refused.Add((now, now - call.Came, call.Priority));
            TryAgain();
        }

        public void GiveUp()
        {
            if (_isOver)
                return;
            _isOver = true;
            edge.GivenUp.Add(edge.Now);
            if (!double.IsNaN(_began))
                edge.Gate?.Abandon(this, edge.Now);
            else
                edge.Gate?.TryLeaveQueue(this, edge.Now);
            TryAgain();
        }

        private void Done(bool isGood)
        {
            if (_isOver)
                return;
            _isOver = true;
            var now = edge.Now;
            edge.Gate?.Leave(this, isGood ? WorkOutcome.Success : WorkOutcome.Ignored, isGood ? now - _began : double.NaN, now);
            if (isGood)
            {
                edge.Good.Add((now, now - call.Came, call.Priority));
                return;
            }
            edge.Failed.Add(now);
            TryAgain();
        }

        private void TryAgain()
        {
            if (left > 0)
                edge.Again(call, left - 1);
        }
    }

    private sealed class SlowUpload(SimulatedEdge edge) : Ticket
    {
        /// <summary>Seconds; of the one that looks for those that are slow to send, and what slow is.</summary>
        private const double Period = 0.1;

        public override void Decided(AdmissionAnswer answer)
        {
            if (answer != AdmissionAnswer.Admitted)
                return;
            var look = Math.Ceiling((edge.Now + Period) / Period) * Period;
            edge.After(look - edge.Now, () => edge.Gate!.Suspend(this, wasIdle: true, edge.Now));
        }
    }

    private AdmissionGate? Gate => gate;

    private ISimulatedService Service => service;

    private double Now => time.Now;

    private void After(double seconds, Action action) => time.After(seconds, action);

    /// <summary>At once, but not within the call that refused it.</summary>
    private void Again(Call call, int left) => time.After(0, () => Try(call, left));
}
