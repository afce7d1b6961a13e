using System.Collections.Concurrent;
using System.Net;
using Mainstay.Contracts.Keeping;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Launching;
using Mainstay.Supervisor.Replicas;
using Mainstay.Supervisor.Rollout;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.Supervisor.Tests.Fakes;

/// <summary>A supervisor among fakes, with a state folder of its own.</summary>
internal sealed class House : IAsyncDisposable
{
    private static int _seeds = Environment.TickCount;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public House()
    {
        State = Directory.CreateTempSubdirectory("mainstay-test-").FullName;
        Launcher.Ports = Tree.Ports;
        Supervisor = New();
    }

    public string State { get; }

    public FakeLauncher Launcher { get; } = new();

    public FakeTraffic Traffic { get; } = new();

    public FakeTree Tree { get; } = new();

    public Output Output { get; } = new();

    public PlainNotes Notes { get; } = new();

    public Progress Progress { get; } = new();

    public FleetSupervisor Supervisor { get; private set; }

    public CancellationToken Deadline { get; } = new CancellationTokenSource(Patience).Token;

    public string Replicas(string service = "web") => string.Join(
        ", ", Supervisor.Status().Single(status => status.Name == service).Replicas.Select(replica => $"{replica.Name} {replica.State} r{replica.Release}"));

    public Task StartAsync(params ServiceSpec[] services) =>
        Supervisor.StartAsync(Specs.Manifest(services), build: false, Progress, Deadline).WaitAsync(Deadline);

    /// <summary>Started, and every replica ready.</summary>
    public async Task StartReadyAsync(params ServiceSpec[] services)
    {
        await StartAsync(services);
        await UntilAsync(() => Supervisor.Status().Sum(service => service.Replicas.Count(replica => replica.State == "ready")) == services.Sum(service => service.Replicas));
    }

    public Task DeployAsync(params ServiceSpec[] services) =>
        Supervisor.DeployAsync(Specs.Manifest(services), [], force: false, Progress, Deadline).WaitAsync(Deadline);

    /// <summary>Stops everything and begins again on the same state folder.</summary>
    public async Task RestartMainstayAsync()
    {
        await Supervisor.StopAsync(Progress).WaitAsync(Deadline);
        Supervisor = New();
    }

    public async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            if (Deadline.IsCancellationRequested)
                throw new TimeoutException($"still not: {Replicas()}; said: {string.Join(" | ", Progress.Said)}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Traffic.Draining?.TrySetResult();
        await Supervisor.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        Directory.Delete(State, recursive: true);
    }

    /// <summary>Hands everything over to a new supervisor; not resumed yet.</summary>
    public async Task LeaveAsync()
    {
        using (await Supervisor.HoldStillAsync("upgrade", Progress, Deadline))
            await Supervisor.LeaveAsync().WaitAsync(Deadline);
        await Supervisor.StopAsync(Progress).WaitAsync(Deadline);
        Launcher.KeepRunning();
        Supervisor = New();
    }

    /// <summary>Nothing is being done to any service.</summary>
    public bool CanBeHeld()
    {
        var held = Supervisor.HoldStillAsync("look", Progress, Deadline);
        if (held.IsCompletedSuccessfully)
            held.Result.Dispose();
        return held.IsCompletedSuccessfully;
    }

    public void Resume(params ServiceSpec[] services) => Supervisor.Resume(Specs.Manifest(services), Progress);

    private FleetSupervisor New() => new(new Fleet(
        new ReplicaWorld(
            Launcher,
            new PortAllocator(PortRange.OfThisMachine(), Interlocked.Increment(ref _seeds)),
            Tree,
            new LaunchPlan(new Dictionary<string, string>(), []),
            Traffic,
            Output,
            Notes,
            TimeProvider.System,
            NullLogger.Instance),
        State));
}

/// <summary>What the operating system would know; nothing unless told otherwise.</summary>
internal sealed class FakeTree : IProcessTree
{
    /// <summary>The pid that listens for a group, 0 for none; null: not known.</summary>
    public Func<int, int?> Listener { get; set; } = _ => null;

    public Func<int, long?> Memory { get; set; } = _ => null;

    public ConcurrentDictionary<int, int> Ports { get; } = new();

    public IReadOnlyList<int>? MembersOf(int group) => [group];

    public IReadOnlyDictionary<int, long>? MemoryOf(IReadOnlyCollection<int> groups) =>
        groups.Where(group => Memory(group) is not null).ToDictionary(group => group, group => Memory(group)!.Value);

    public IReadOnlyList<TreeListener>? ListenersOf(int group) => Listener(group) switch
    {
        null => null,
        0 => [],
        { } pid => [new TreeListener(pid, IPAddress.Loopback, Ports[group])],
    };
}
