using System.Collections;
using System.Security.Cryptography;
using Mainstay.Contracts.Keeping;
using Mainstay.Contracts.Launching;
using Mainstay.Contracts.Traffic;
using Mainstay.Supervisor.Launching;
using Mainstay.Supervisor.Replicas;
using Mainstay.Supervisor.Rollout;
using Microsoft.Extensions.Logging;

namespace Mainstay.Supervisor;

/// <summary>A fleet whose replicas run on this machine.</summary>
internal static class ThisMachine
{
    // The second and third are set by `up` for its own sockets and buffers; an app that blocks in a continuation would suffer from the one.
    // What follows them is systemd's word with `up` alone: a replica that took it for its own could declare Mainstay ready, or keep its watchdog quiet.
    private static readonly string[] OwnVariables =
    [
        "MAINSTAY_*", "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "DOTNET_SYSTEM_BUFFERS_SHAREDARRAYPOOL_MAXARRAYSPERPARTITION",
        "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_PID", "LISTEN_PIDFDID", "LISTEN_FDS", "LISTEN_FDNAMES",
    ];

    public static Fleet Fleet(ILauncher launcher, ITrafficSwitch traffic, IReplicaOutput output, INotes notes, string stateDirectory, ILoggerFactory logs)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
            environment[(string)variable.Key] = (string?)variable.Value ?? "";
        var world = new ReplicaWorld(
            launcher,
            new PortAllocator(PortRange.OfThisMachine(), RandomNumberGenerator.GetInt32(int.MaxValue)),
            new ProcProcessTree(),
            new LaunchPlan(environment, OwnVariables),
            traffic,
            output,
            notes,
            TimeProvider.System,
            logs.CreateLogger<Fleet>());
        return new Fleet(world, stateDirectory);
    }
}
