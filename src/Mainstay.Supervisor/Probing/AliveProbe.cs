namespace Mainstay.Supervisor.Probing;

/// <summary>
/// For a worker, which listens nowhere: well once it has lived for a second. A shorter life counts as a death before ready,
/// so that a worker that fails at once backs off instead of spinning.
/// </summary>
internal sealed class AliveProbe(TimeProvider time) : IProbe
{
    public static readonly TimeSpan LongEnough = TimeSpan.FromSeconds(1);
    private readonly long _began = time.GetTimestamp();

    public Task<ProbeResult> AskAsync(TimeSpan timeout, CancellationToken cancel) =>
        Task.FromResult(time.GetElapsedTime(_began) >= LongEnough ? ProbeResult.Well : ProbeResult.Bad("it has only just started"));
}
