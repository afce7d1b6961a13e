using System.Collections.Concurrent;
using Mainstay.Contracts.Traffic;

namespace Mainstay.Supervisor.Tests.Fakes;

/// <summary>Remembers who takes traffic, and the fewest that ever did since it was asked to watch.</summary>
internal sealed class FakeTraffic : ITrafficSwitch
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ReplicaEndpoint> _admitted = [];
    private int _holds;

    public ConcurrentQueue<string> Said { get; } = new();

    public int Fewest { get; private set; } = int.MaxValue;

    public int FewestUnheld { get; private set; } = int.MaxValue;

    public Func<string, bool> Ejects { get; set; } = _ => false;

    /// <summary>Completes a drain; null: at once.</summary>
    public TaskCompletionSource? Draining { get; set; }

    public IReadOnlyList<ReplicaEndpoint> Admitted
    {
        get
        {
            lock (_lock)
            {
                return [.. _admitted.Values];
            }
        }
    }

    public void WatchFewest()
    {
        lock (_lock)
        {
            Fewest = FewestUnheld = _admitted.Count;
        }
    }

    public void Admit(ReplicaEndpoint replica) => Change($"admit {replica.Replica}", () => _admitted[replica.Replica] = replica);

    public void Suspend(string service, string replica) => Change($"suspend {replica}", () => _admitted.Remove(replica));

    public async Task<DrainOutcome> DrainAsync(string service, string replica, TimeSpan limit, CancellationToken cancel)
    {
        Change($"drain {replica}", () => _admitted.Remove(replica));
        if (Draining is { } draining)
            await draining.Task.WaitAsync(cancel);
        return default;
    }

    public void Remove(string service, string replica) => Change($"remove {replica}", () => _admitted.Remove(replica));

    public IDisposable Hold(string service)
    {
        Change("hold", () => _holds++);
        return new Release(this);
    }

    public ReplicaTraffic Observe(string service, string replica) =>
        Ejects(replica) ? new ReplicaTraffic(0, true, "5 failures in a row", 5) : default;

    private void Change(string what, Action change)
    {
        Said.Enqueue(what);
        lock (_lock)
        {
            change();
            Fewest = Math.Min(Fewest, _admitted.Count);
            if (_holds == 0)
                FewestUnheld = Math.Min(FewestUnheld, _admitted.Count);
        }
    }

    private sealed class Release(FakeTraffic traffic) : IDisposable
    {
        public void Dispose() => traffic.Change("release", () => traffic._holds--);
    }
}
