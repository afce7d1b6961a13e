namespace Mainstay.Supervisor.Replicas;

/// <summary>How one life of a replica, from launch to exit, ended.</summary>
/// <param name="WasReady">It had become ready.</param>
/// <param name="Reason">One clause: "was killed by SIGKILL".</param>
/// <param name="LastLines">Its last output.</param>
/// <param name="Hopeless">It could not even be launched, and that will not change by itself.</param>
/// <param name="PortTaken">The port was someone else's: with another one it may well live.</param>
internal sealed record LifeEnd(bool WasReady, string Reason, IReadOnlyList<string> LastLines, bool Hopeless = false, bool PortTaken = false)
{
    /// <summary>It has not ended: whoever supervises from now on goes on with it.</summary>
    public static LifeEnd Left { get; } = new(WasReady: true, "was left as it is", []);
}
