using System.Collections.Immutable;
using Mainstay.Contracts.Control;
using Mainstay.Contracts.Launching;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Releases;
using Mainstay.Supervisor.Replicas;

namespace Mainstay.Supervisor.Rollout;

/// <summary>
/// A service's replicas and what they should be. Replicas are added and removed by one operation at a time (<see cref="Gate"/>);
/// anyone may read.
/// </summary>
internal sealed class ServiceFleet(ServiceSpec spec, ReplicaWorld world, LifeProgress life)
{
    private readonly Lock _lock = new();
    private ImmutableArray<Replica> _replicas = [];
    private volatile Release? _current;
    private volatile string? _rollout;
    private volatile string? _unconfirmed;
    private volatile ServiceSpec _spec = spec;
    private volatile bool _closing;
    private int _wanted = spec.Replicas;

    public string Name { get; } = spec.Name;

    public OperationGate Gate { get; } = new(spec.Name);

    public ReplicaWorld World { get; } = world;

    /// <summary>As the manifest, or a rollback, has it now.</summary>
    public ServiceSpec Spec => _spec;

    /// <summary>The release that the service should run; null before the first.</summary>
    public Release? Current
    {
        get => _current;
        set
        {
            _current = value;
            Remember();
        }
    }

    /// <summary>How many replicas there should be.</summary>
    public int Wanted
    {
        get => Volatile.Read(ref _wanted);
        set
        {
            Volatile.Write(ref _wanted, value);
            Remember();
        }
    }

    public ImmutableArray<Replica> Replicas
    {
        get
        {
            lock (_lock)
            {
                return _replicas;
            }
        }
    }

    /// <summary>Fingerprint of the spec that the service was started with, until a replica of it has been ready; then null.</summary>
    public string? Unconfirmed
    {
        get => _unconfirmed;
        set
        {
            _unconfirmed = value;
            Remember();
        }
    }

    /// <summary>To one caller only.</summary>
    public string? TakeUnconfirmed()
    {
        var taken = Interlocked.Exchange(ref _unconfirmed, null);
        Remember();
        return taken;
    }

    /// <summary>The fleet is being stopped: failures are not undone any more.</summary>
    public bool IsClosing => _closing;

    /// <summary>Tells the supervisor's own audience, and the one of the running operation.</summary>
    public void Say(string message)
    {
        life.Say(message);
        if (Gate.Current?.Progress is { } other && !ReferenceEquals(other, life.Audience))
            other.Say(message);
    }

    /// <summary>What <c>status</c> tells about the rollout; null: nothing.</summary>
    public void Note(string? rollout) => _rollout = rollout;

    /// <summary>Runs an operation's work; a failure is noted for <c>status</c> and told in one line, with what serves now.</summary>
    public async Task TellAsync(string operation, Func<Task> work)
    {
        _rollout = $"{operation} running";
        try
        {
            await work();
            _rollout = null;
        }
        catch (RolloutException failure)
        {
            var serving = Replicas.Any(replica => replica.State.IsReady) && _current is { } current ? $"; release {current.Number} goes on serving" : "";
            _rollout = $"{operation} failed: {failure.Message}";
            throw new RolloutException($"{Name}: {_rollout}{serving}", failure.LastLines);
        }
        catch
        {
            _rollout = $"{operation} cancelled";
            throw;
        }
    }

    /// <summary>Takes over a spec; running replicas take what needs no new process.</summary>
    public void Apply(ServiceSpec changed)
    {
        _spec = changed;
        Remember();
        foreach (var replica in Replicas)
            replica.Apply(changed);
    }

    /// <summary>Starts a replica under the lowest free number.</summary>
    public Replica Add(Release release)
    {
        lock (_lock)
        {
            if (_closing)
                throw new OperationCanceledException();
            var number = Enumerable.Range(1, int.MaxValue).First(candidate => _replicas.All(replica => replica.Name != $"{Name}-{candidate}"));
            var added = new Replica($"{Name}-{number}", release, World, Say);
            _replicas = _replicas.Add(added);
            added.Start();
            return added;
        }
    }

    /// <summary>Goes on with a replica that runs already, under its own name.</summary>
    public Replica Adopt(Release release, IKeptProcess process, ReplicaLabel label, bool isStopping)
    {
        lock (_lock)
        {
            var adopted = new Replica(label.Replica, release, World, Say);
            _replicas = _replicas.Add(adopted);
            adopted.Start(process, label, isStopping);
            return adopted;
        }
    }

    /// <summary>Takes up what an earlier supervisor noted.</summary>
    public void Recall(ServiceNote note)
    {
        (_current, _spec, _unconfirmed) = (note.Current, note.Spec, note.Unconfirmed);
        Volatile.Write(ref _wanted, note.Wanted);
        Remember();
    }

    /// <summary>Ends the supervision; replicas go on as they are.</summary>
    public Task LeaveAsync() => Task.WhenAll(Replicas.Select(replica => replica.LeaveAsync()));

    /// <summary>The service is gone, and so is what should be known of it.</summary>
    public void Forget() => World.Notes.Write(ServiceNote.KeyOf(Name), []);

    /// <summary>Drains and stops a replica, then forgets it. Safe to call twice.</summary>
    public async Task RemoveAsync(Replica replica)
    {
        await replica.StopAsync();
        lock (_lock)
        {
            _replicas = _replicas.Remove(replica);
        }
    }

    /// <summary>Ends what is being done, then every replica, all at once.</summary>
    public async Task CloseAsync()
    {
        lock (_lock)
        {
            _closing = true;
        }
        var operation = Gate.CloseAsync();
        await Task.WhenAll([operation, .. Replicas.Select(RemoveAsync)]);
        await Task.WhenAll(Replicas.Select(RemoveAsync));
    }

    private void Remember()
    {
        if (_current is { } current)
            World.Notes.Write(ServiceNote.KeyOf(Name), new ServiceNote(current, _spec, Wanted, _unconfirmed).Format());
    }

    public ServiceStatus Status() => new(
        Name,
        _current?.Number ?? 0,
        [.. Replicas.OrderBy(replica => replica.Name.Length).ThenBy(replica => replica.Name, StringComparer.Ordinal).Select(replica => replica.Describe())],
        Urls: null,
        _rollout);
}
