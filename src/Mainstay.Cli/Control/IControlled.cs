using Mainstay.Cli.Logs;
using Mainstay.Contracts.Control;
using Mainstay.Supervisor;

namespace Mainstay.Cli.Control;

/// <summary>What the control socket controls: a running application. Operations fail with one clear line (<see cref="State.CommandFailure"/>).</summary>
internal interface IControlled
{
    LogMemory Logs { get; }

    /// <summary>Completes once what an earlier core ran is taken over: before that it is not known what runs. Never, if that fails.</summary>
    Task TakenOver { get; }

    ControlHello Hello();

    StatusReport Status();

    /// <summary>Reads the manifest again, builds, rolls. Once it touches anything it goes on, whether or not <paramref name="clientGone"/>.</summary>
    Task DeployAsync(ControlRequest request, IProgress progress, CancellationToken clientGone);

    Task RollbackAsync(string service, IProgress progress);

    Task ScaleAsync(string service, int replicas, IProgress progress);

    Task RestartAsync(string service, IProgress progress);

    /// <summary>Exchanges the running core for the program that these words start; completes once that serves.</summary>
    Task UpgradeAsync(IReadOnlyList<string> program, IProgress progress);

    /// <summary>Completes once everything has drained and ended.</summary>
    Task StopAsync(IProgress progress);
}
