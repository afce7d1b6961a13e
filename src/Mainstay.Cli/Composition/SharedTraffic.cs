using Mainstay.Contracts.Traffic;

namespace Mainstay.Cli.Composition;

/// <summary>
/// The edge's traffic, while the core before this one may still have requests on the same replicas: a drain is over when those are done, too.
/// </summary>
/// <param name="own">Of this core's edge, which knows nothing of the other's.</param>
/// <param name="alone">Completes when there is no other core any more. Never faults.</param>
/// <param name="time">The clock.</param>
internal sealed class SharedTraffic(ITrafficSwitch own, Task alone, TimeProvider time) : ITrafficSwitch
{
    public void Admit(ReplicaEndpoint replica) => own.Admit(replica);

    public void Suspend(string service, string replica) => own.Suspend(service, replica);

    public async Task<DrainOutcome> DrainAsync(string service, string replica, TimeSpan limit, CancellationToken cancel)
    {
        var drain = own.DrainAsync(service, replica, limit, cancel);
        if (!alone.IsCompleted)
            await Task.WhenAny(alone, Task.Delay(limit, time, cancel));
        return await drain;
    }

    public void Remove(string service, string replica) => own.Remove(service, replica);

    public IDisposable Hold(string service) => own.Hold(service);

    public ReplicaTraffic Observe(string service, string replica) => own.Observe(service, replica);
}
