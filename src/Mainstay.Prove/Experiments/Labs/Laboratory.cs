using System.Net;
using System.Net.Sockets;
using Mainstay.Contracts.Control;
using Mainstay.Manifest.Keeping;
using Mainstay.Manifest.Model;

namespace Mainstay.Prove.Experiments.Labs;

/// <summary>An application of the experiments' own, started from a copy of the manifest, stopped and started again as they need. One user at a time.</summary>
/// <param name="folder">The caller's.</param>
/// <param name="host">Starts it.</param>
/// <param name="manifest">As the laboratory runs it.</param>
/// <param name="time">The clock.</param>
internal sealed class Laboratory(LabFolder folder, IApplicationHost host, ManifestSpec manifest, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan BuildPatience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    private IApplication? _application;
    private bool _isBuilt;

    public LabFolder Folder => folder;

    public TimeProvider Time => time;

    /// <summary>As it runs when no experiment has changed it.</summary>
    public ManifestSpec Manifest => manifest;

    public IApplication Application => _application ?? throw new InvalidOperationException("the laboratory has not been started");

    /// <summary>Where it serves.</summary>
    public IPEndPoint Edge { get; private set; } = new(IPAddress.Loopback, 0);

    public bool IsRunning => _application is { Ended.IsCompleted: false };

    /// <summary>Whether something in it is not as a fresh start would make it: the next experiment gets a new one.</summary>
    public bool IsSoiled { get; set; }

    /// <summary>Starts it, or another form of it, and returns once every replica is ready.</summary>
    /// <exception cref="LabException">It does not get that far.</exception>
    public async Task StartAsync(CancellationToken cancel, ManifestSpec? other = null)
    {
        await LaunchAsync(cancel, other);
        await ReadyAsync(cancel);
        _isBuilt = true;
    }

    /// <summary>Starts it and waits for no more than the edge.</summary>
    public async Task LaunchAsync(CancellationToken cancel, ManifestSpec? other = null)
    {
        await StopAsync();
        Edge = new(IPAddress.Loopback, 0);
        Write(other ?? manifest);
        _application = await host.StartAsync(folder.Path, folder.Manifest, cancel);
        var limit = PatienceOf(other ?? manifest);
        var start = time.GetTimestamp();
        while (true)
        {
            if (await _application.StatusAsync(cancel) is { Edge: { Ready: true, Listen: [var url, ..] } })
            {
                Edge = new(IPAddress.Loopback, new Uri(url).Port);
                return;
            }
            await WaitAsync(start, limit, "does not begin to listen", cancel);
        }
    }

    /// <summary>A running one as it is, a missing or soiled one started anew.</summary>
    public async Task FreshAsync(CancellationToken cancel)
    {
        if (IsRunning && !IsSoiled)
            return;
        await StartAsync(cancel);
        IsSoiled = false;
    }

    /// <summary>What the next start or deploy reads.</summary>
    /// <exception cref="LabException">It cannot be written.</exception>
    public void Write(ManifestSpec changed, bool isRelease = false)
    {
        var bytes = ManifestJson.Write(_isBuilt ? LabManifest.Built(changed, isRelease) : changed);
        var draft = folder.Manifest + ".new";
        try
        {
            // It holds what the environment of services holds.
            using (var file = new FileStream(draft, new FileStreamOptions
            {
                Mode = FileMode.Create,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }))
            {
                file.Write(bytes);
            }
            File.Move(draft, folder.Manifest, overwrite: true);
        }
        catch (Exception refused) when (LabException.IsNoPlace(refused))
        {
            throw LabException.NoPlace(folder.Parent, refused);
        }
    }

    public async Task StopAsync()
    {
        if (_application is not { } running)
            return;
        _application = null;
        if (!running.Ended.IsCompleted)
        {
            using var limit = new CancellationTokenSource(StopPatience, time);
            try
            {
                await running.AskAsync(new("stop"), limit.Token);
                await running.Ended.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                // It is killed below.
            }
        }
        await running.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    /// <summary>Whether a service has as many ready replicas as it should.</summary>
    public static bool IsFull(ServiceStatus? status, ServiceSpec service) =>
        service.IsExternal || (status is not null && status.Replicas.Count == service.Replicas && status.Replicas.All(replica => replica.State == "ready"));

    public static bool IsFree(int port)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task ReadyAsync(CancellationToken cancel)
    {
        var limit = PatienceOf(manifest);
        var start = time.GetTimestamp();
        while (true)
        {
            var status = await Application.StatusAsync(cancel);
            var missing = manifest.Services.FirstOrDefault(service => !IsFull(status?.Services.FirstOrDefault(known => known.Name == service.Name), service));
            if (status is not null && missing is null)
                return;
            var reason = status?.Services.FirstOrDefault(known => known.Name == missing?.Name)?.Replicas.FirstOrDefault(replica => replica.Reason is not null)?.Reason;
            await WaitAsync(start, limit, $"does not get ready: {missing?.Name ?? "nothing answers"}{(reason is null ? "" : $" {reason}")}", cancel);
        }
    }

    private async Task WaitAsync(long start, TimeSpan limit, string what, CancellationToken cancel)
    {
        if (Application.Ended.IsCompleted)
            throw new LabException("the application under test did not start; try `mainstay up` by itself", Application.LastLines);
        if (time.GetElapsedTime(start) > limit)
            throw new LabException($"the application under test {what}, {limit.TotalSeconds:0} s after its start; try `mainstay up` by itself", Application.LastLines) { IsListening = Edge.Port > 0 };
        await Task.Delay(Poll, time, cancel);
    }

    private TimeSpan PatienceOf(ManifestSpec started) =>
        started.Services.Select(service => service.Health.Start).DefaultIfEmpty(TimeSpan.FromSeconds(30)).Max() + TimeSpan.FromSeconds(15)
        + (!_isBuilt && started.Services.Any(service => service.Deploy.Build.Length > 0 || service.Deploy.Before.Length > 0) ? BuildPatience : TimeSpan.Zero);
}
