using Mainstay.Cli.Control;
using Mainstay.Cli.Logs;
using Mainstay.Cli.State;
using Mainstay.Contracts.Control;
using Mainstay.Supervisor;

namespace Mainstay.Cli.Tests.Control;

/// <summary>Something to control that does what a test says.</summary>
internal sealed class FakeApplication : IControlled
{
    public LogMemory Logs { get; } = new(1 << 20);

    public List<string> Calls { get; } = [];

    /// <summary>What deploy waits for.</summary>
    public TaskCompletionSource Deploying { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Deployed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CancellationToken ClientGone { get; private set; }

    /// <summary>Everything is, unless a test says otherwise.</summary>
    public Task TakenOver { get; set; } = Task.CompletedTask;

    public ControlHello Hello() => new(4711, "shop", "/shop/mainstay.yaml", ["http://127.0.0.1:8080"]);

    public StatusReport Status() => new("shop", new(["http://127.0.0.1:8080"], true, 1, 2, 3, 4), []);

    public async Task DeployAsync(ControlRequest request, IProgress progress, CancellationToken clientGone)
    {
        ClientGone = clientGone;
        progress.Say("building web");
        progress.Output(new("web build", DateTimeOffset.UnixEpoch, "compiling", false));
        await Deploying.Task;
        Deployed.SetResult();
    }

    public Task RollbackAsync(string service, IProgress progress) => throw CommandFailure.Failed($"{service} has no previous release", ["last words"]);

    public Task ScaleAsync(string service, int replicas, IProgress progress)
    {
        lock (Calls)
            Calls.Add($"scale {service} {replicas}");
        return Task.CompletedTask;
    }

    public Task RestartAsync(string service, IProgress progress) => throw new InvalidOperationException("a bug\nwith two lines");

    public Task UpgradeAsync(IReadOnlyList<string> program, IProgress progress) => Task.CompletedTask;

    public Task StopAsync(IProgress progress) => Task.CompletedTask;
}
