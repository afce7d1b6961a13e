namespace Mainstay.Resilience.Tests.Fakes;

/// <summary>Something that works on requests, in simulated time.</summary>
internal interface ISimulatedService
{
    /// <param name="done">Told once, when the answer is there, and whether it is a good one.</param>
    /// <param name="factor">What the request takes, beside a usual one.</param>
    void Take(Action<bool> done, double factor = 1);
}
