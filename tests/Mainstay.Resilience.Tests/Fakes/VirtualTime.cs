namespace Mainstay.Resilience.Tests.Fakes;

/// <summary>A discrete-event simulation: what is to happen, in the order of its time. Thousands of seconds pass in one.</summary>
internal sealed class VirtualTime
{
    private readonly PriorityQueue<Action, (double At, long Order)> _events = new();
    private long _order;

    /// <summary>Seconds since the start.</summary>
    public double Now { get; private set; }

    public void After(double seconds, Action action) => _events.Enqueue(action, (Now + seconds, _order++));

    public void RunUntil(double end)
    {
        while (_events.TryPeek(out var action, out var when) && when.At <= end)
        {
            _events.Dequeue();
            Now = Math.Max(Now, when.At);
            action();
        }
        Now = end;
    }
}
