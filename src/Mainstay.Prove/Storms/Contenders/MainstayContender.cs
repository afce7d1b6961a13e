using System.Net;
using Mainstay.Manifest;
using Mainstay.Prove.Experiments.Labs;
using Mainstay.Prove.Faults.Processes;

namespace Mainstay.Prove.Storms.Contenders;

/// <summary>Mainstay, told no more than a short manifest says.</summary>
/// <param name="ground">Its own.</param>
/// <param name="folder">The ground's folder.</param>
/// <param name="host">Starts <c>up</c>.</param>
internal sealed class MainstayContender(Ground ground, LabFolder folder, IApplicationHost host) : IContender
{
    private Laboratory? _lab;

    public string Name => "Mainstay";

    public (string Name, ProcessId Process)? Itself =>
        _lab is { IsRunning: true } lab && lab.Application.CorePid is { } pid && ProcessId.Find(pid) is { } core ? ("Mainstay's core", core) : null;

    public async Task<IPEndPoint> StartAsync(CancellationToken cancel)
    {
        ground.Prepare();
        var file = ground["mainstay.yaml"];
        await File.WriteAllTextAsync(ground[StormManifest.Fallback], "on request\n", cancel);
        await File.WriteAllTextAsync(file, StormManifest.Text(ground), cancel);
        var read = ManifestReader.Read(file, ground.Environment.GetValueOrDefault);
        var manifest = read.Manifest ?? throw new LabException($"the storm's own manifest is wrong: {read.Findings[0].Message}");
        _lab = new(folder, host, LabManifest.Of(manifest, ground.Folder, folder.Manifest, new Dictionary<string, string>(), Laboratory.IsFree), ground.Time);
        await _lab.StartAsync(cancel);
        return _lab.Edge;
    }

    public async Task<IReadOnlyList<ProcessId>> WorkersAsync(CancellationToken cancel)
    {
        if (await _lab!.Application.StatusAsync(cancel) is not { } status)
            return [];
        return [.. status.Services.SelectMany(service => service.Replicas).Select(replica => ProcessId.Find(replica.Pid ?? 0)).OfType<ProcessId>()];
    }

    public async Task<string> DeployAsync(bool good, CancellationToken cancel)
    {
        ground.App.Write(ground.Code, good);
        var result = await _lab!.Application.AskAsync(new("deploy", "web"), cancel);
        return $"mainstay deploy: {result.Error ?? "done"}";
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
            await _lab.DisposeAsync();
    }
}
