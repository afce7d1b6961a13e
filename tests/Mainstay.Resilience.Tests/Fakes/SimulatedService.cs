using Mainstay.Resilience.Chance;

namespace Mainstay.Resilience.Tests.Fakes;

/// <summary>An application as they are: so many places, an unbounded queue in front of them, and no ear for clients that have gone.</summary>
/// <param name="time">The simulation's.</param>
/// <param name="places">Requests that it works on at once.</param>
/// <param name="seconds">What a request takes.</param>
internal sealed class SimulatedService(VirtualTime time, int places, Func<double> seconds) : ISimulatedService
{
    /// <summary>From the end of one request to the service's start with the next: the way to the edge and back.</summary>
    public const double Way = 0.0003;

    private readonly Queue<(Action<bool> Done, double Factor)> _waiting = new();
    private int _busy;

    public int Places { get; set; } = places;

    /// <summary>Everything takes so many times longer.</summary>
    public double Slowness { get; set; } = 1;

    /// <summary>Until when it does nothing at all.</summary>
    public double StalledUntil { get; set; }

    /// <summary>For how long a request of a factor keeps its place after its answer has begun; seconds. By default not at all.</summary>
    public Func<double, double> Holds { get; set; } = _ => 0;

    public int Backlog => _waiting.Count + _busy;

    public void Take(Action<bool> done, double factor = 1)
    {
        _waiting.Enqueue((done, factor));
        Go();
    }

    public static Func<double> Always(double seconds) => () => seconds;

    /// <summary>Exponentially distributed.</summary>
    public static Func<double> About(double seconds, Dice dice) => () => -Math.Log(1 - dice.Unit()) * seconds;

    private void Go()
    {
        while (_busy < Places && _waiting.TryDequeue(out var next))
        {
            _busy++;
            var stall = Math.Max(0, StalledUntil - time.Now);
            time.After((seconds() * Slowness * next.Factor) + stall + Way, () =>
            {
                // A pause that began meanwhile holds it up, too.
                var late = Math.Max(0, StalledUntil - time.Now);
                time.After(late, () =>
                {
                    var hold = Holds(next.Factor);
                    if (hold > 0)
                        time.After(hold, Free);
                    else
                        _busy--;
                    next.Done(true);
                    Go();
                });
            });
        }
    }

    private void Free()
    {
        _busy--;
        Go();
    }
}
