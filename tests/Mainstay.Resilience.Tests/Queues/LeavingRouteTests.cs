using Mainstay.Resilience.Queues;

namespace Mainstay.Resilience.Tests.Queues;

/// <summary>The manifest was applied while a request was on its way from its route to the gate.</summary>
public sealed class LeavingRouteTests
{
    [Fact]
    public void Who_comes_by_a_route_that_has_just_been_removed_waits_and_is_let_in_like_anybody()
    {
        var gate = AdmissionGate.Fixed(1);
        var removed = gate.AddRoute("/removed");
        gate.Remove(removed);
        var (first, second) = (new Request(), new Request());
        Assert.Equal(AdmissionAnswer.Admitted, gate.Enter(first, removed, Priority.Normal, deadline: 100, now: 1));
        Assert.Equal(AdmissionAnswer.Queued, gate.Enter(second, removed, Priority.Normal, deadline: 100, now: 1));

        gate.Leave(first, WorkOutcome.Success, latency: 1, now: 2);

        Assert.Equal(AdmissionAnswer.Admitted, second.Told);
        gate.Leave(second, WorkOutcome.Success, latency: 1, now: 3);
        Assert.True(double.IsPositiveInfinity(gate.Tick(4)));
        Assert.True(gate.State(4) is { InFlight: 0, Queued: 0 });
    }

    private sealed class Request : Ticket
    {
        public AdmissionAnswer? Told { get; private set; }

        public override void Decided(AdmissionAnswer answer) => Told = answer;
    }
}
