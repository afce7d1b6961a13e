using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Replicas;
using Mainstay.Supervisor.Rollout;
using Mainstay.Supervisor.Watching;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.Supervisor.Tests.Fakes;

/// <summary>A supervisor among fakes, with a state folder of its own.</summary>
internal sealed class House : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public House()
    {
        State = Directory.CreateTempSubdirectory("mainstay-test-").FullName;
        Supervisor = New();
    }

    public string State { get; }

    public FakeLauncher Launcher { get; } = new();

    public FakeTraffic Traffic { get; } = new();

    public FakeSight Sight { get; } = new();

    public Output Output { get; } = new();

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
            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Traffic.Draining?.TrySetResult();
        await Supervisor.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        Directory.Delete(State, recursive: true);
    }

    private FleetSupervisor New() => new(new Fleet(
        new ReplicaWorld(Launcher, new FakePorts(), Sight, Traffic, Output, TimeProvider.System, NullLogger.Instance), State));
}

/// <summary>Ports that were free a moment ago, each given once.</summary>
internal sealed class FakePorts : IPortSource
{
    private static readonly ConcurrentDictionary<int, bool> Given = new();

    public int Take()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            if (Given.TryAdd(port, true))
                return port;
        }
    }

    public void Return(int port)
    {
    }
}

internal sealed class FakeSight : IProcessSight
{
    public Func<int, int, ListenerSight> Listener { get; set; } = (_, _) => default;

    public Func<int, long?> Memory { get; set; } = _ => null;

    public ListenerSight FindListener(int group, int port) => Listener(group, port);

    public long? MemoryOf(int group) => Memory(group);
}
