using System.Net;
using Mainstay.Contracts.Launching;
using Mainstay.Prove.Faults.Processes;

namespace Mainstay.Prove.Storms.Contenders;

/// <summary>Workers in restart loops, behind nginx; without one, a single worker in a loop, which clients reach directly.</summary>
/// <param name="ground">Its own.</param>
/// <param name="program">Of nginx; null: without it.</param>
internal sealed class LoopContender(Ground ground, string? program) : IContender
{
    /// <summary>Between the restarts of a deploy, so that one worker serves while the other starts.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private readonly List<RestartLoop> _loops = [];
    private Nginx? _nginx;

    public string Name => program is null ? "restart loop" : "nginx + restart loop";

    /// <summary>Without nginx there is only the loop, in whose place a system's first process would be.</summary>
    public (string Name, ProcessId Process)? Itself => _nginx?.Master is { } master ? ("nginx's master", master) : null;

    public async Task<IPEndPoint> StartAsync(CancellationToken cancel)
    {
        ground.Prepare();
        var ports = new List<int>();
        for (var i = 0; i < (program is null ? 1 : Ground.Workers); i++)
        {
            ports.Add(Ports.Take());
            var output = Ground.Tail();
            _loops.Add(await RestartLoop.StartAsync(ground, $"worker-{i + 1}", ground.App.Command, output, ground.Settings.Add("PORT", $"{ports[i]}"), cancel));
            await Answering.AwaitAsync("the app", ports[i], () => output.Lines, ground.Time, cancel);
        }
        if (program is null)
            return new(IPAddress.Loopback, ports[0]);
        _nginx = await Nginx.StartAsync(ground, program, ports, cancel);
        return new(IPAddress.Loopback, _nginx.Port);
    }

    public Task<IReadOnlyList<ProcessId>> WorkersAsync(CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<ProcessId>>([.. _loops.Select(loop => loop.Current).OfType<ProcessId>()]);

    /// <summary>The code is replaced, then one worker after the other ends by SIGTERM; its loop starts the new one.</summary>
    public async Task<string> DeployAsync(bool good, CancellationToken cancel)
    {
        ground.App.Write(ground.Code, good);
        for (var i = 0; i < _loops.Count; i++)
        {
            if (i > 0)
                await Task.Delay(Between, ground.Time, cancel);
            _loops[i].Current?.Signal(Signals.Terminate);
        }
        return "the code was replaced, and each worker restarted";
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
