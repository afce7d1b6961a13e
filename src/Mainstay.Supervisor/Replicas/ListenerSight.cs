using Mainstay.Supervisor.Launching;

namespace Mainstay.Supervisor.Replicas;

/// <summary>What the operating system knows of a replica's listener.</summary>
/// <param name="Known">The platform can tell at all.</param>
/// <param name="Pid">The process of the replica's tree that listens; null: none of them does.</param>
/// <param name="BeyondLoopback">It can be reached from other machines.</param>
internal readonly record struct ListenerSight(bool Known, int? Pid, bool BeyondLoopback)
{
    public static ListenerSight Of(IProcessTree tree, int group, int port)
    {
        if (tree.ListenersOf(group) is not { } listeners)
            return default;
        var own = listeners.Where(listener => listener.Port == port).ToList();
        return new(Known: true, own.Count > 0 ? own[0].Pid : null, own.Any(listener => listener.IsBeyondLoopback));
    }

    /// <summary>The port is answered, but not by the replica.</summary>
    public bool IsStrangers => Known && Pid is null;
}
