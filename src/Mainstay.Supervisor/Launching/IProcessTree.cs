using System.Net;

namespace Mainstay.Supervisor.Launching;

/// <summary>
/// What the operating system knows of our process groups. A group's tree is its members and everything they started that still descends from them.
/// Every answer is null where it cannot be told (no /proc, or no descriptor left to read it with): callers go on without.
/// </summary>
internal interface IProcessTree
{
    /// <summary>Pids of the group's tree, the leader first; empty once all have ended.</summary>
    IReadOnlyList<int>? MembersOf(int group);

    /// <summary>Memory of each group's tree in bytes, in one pass: proportional set sizes, so that pages shared by forked workers count once. Groups that have ended are missing.</summary>
    IReadOnlyDictionary<int, long>? MemoryOf(IReadOnlyCollection<int> groups);

    /// <summary>Every TCP listener of the group's tree: whether it listens on its port, where else, and which process does.</summary>
    IReadOnlyList<TreeListener>? ListenersOf(int group);
}

/// <param name="Pid">The process that holds the listening socket; the lowest pid if several share it.</param>
internal readonly record struct TreeListener(int Pid, IPAddress Address, int Port)
{
    /// <summary>Can be reached from other machines.</summary>
    public bool IsBeyondLoopback => !IPAddress.IsLoopback(Address.IsIPv4MappedToIPv6 ? Address.MapToIPv4() : Address);
}
