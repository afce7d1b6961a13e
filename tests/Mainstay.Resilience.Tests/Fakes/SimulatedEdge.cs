using Mainstay.Resilience.Chance;
using Mainstay.Resilience.Queues;

namespace Mainstay.Resilience.Tests.Fakes;

/// <summary>Clients, a gate and a service: requests come as they like, wait at the gate, are worked on or refused.</summary>
internal sealed class SimulatedEdge(VirtualTime time, AdmissionGate gate, SimulatedService service, Dice dice)
{
    public List<(double At, double Latency, Priority Priority)> Good { get; } = [];

    public List<(double At, double Latency, Priority Priority)> Refused { get; } = [];

    public int Offered { get; private set; }

    public int GaveUp { get; private set; }

    /// <summary>Clients wait so long.</summary>
    public double Patience { get; set; } = 1;

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
        var request = new Request(this, priority, factor, time.Now);
        var answer = gate.Enter(request, route, priority, time.Now + 30, time.Now);
        if (answer != AdmissionAnswer.Queued)
            request.Decided(answer);
        time.After(Patience, request.GiveUp);
    }

    /// <summary>The gate's clock.</summary>
    public void Tick(double until)
    {
        gate.Tick(time.Now);
        if (time.Now < until)
            time.After(0.005, () => Tick(until));
    }

    public double GoodPerSecond(double from, double to) => Good.Count(good => good.At >= from && good.At < to) / (to - from);

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }

    private sealed class Request(SimulatedEdge edge, Priority priority, double factor, double came) : Ticket
    {
        private double _began = double.NaN;
        private bool _isOver;

        public override void Decided(AdmissionAnswer answer)
        {
            var now = edge.Now;
            if (answer != AdmissionAnswer.Admitted)
            {
                _isOver = true;
                edge.Refused.Add((now, now - came, priority));
                return;
            }
            _began = now;
            edge.ServiceTake(Done, factor);
        }

        public void GiveUp()
        {
            if (_isOver)
                return;
            _isOver = true;
            edge.GaveUp++;
            if (!double.IsNaN(_began))
                edge.Gate.Abandon(this, edge.Now);
            else
                edge.Gate.TryLeaveQueue(this, edge.Now);
        }

        private void Done()
        {
            if (_isOver)
                return;
            _isOver = true;
            var now = edge.Now;
            edge.Good.Add((now, now - came, priority));
            edge.Gate.Leave(this, WorkOutcome.Success, now - _began, now);
        }
    }

    private AdmissionGate Gate => gate;

    private double Now => time.Now;

    private void ServiceTake(Action done, double factor) => service.Take(done, factor);
}
