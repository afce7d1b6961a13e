using Mainstay.Contracts.Keeping;
using Mainstay.Contracts.Launching;
using Mainstay.Contracts.Traffic;
using Mainstay.Supervisor.Launching;
using Microsoft.Extensions.Logging;

namespace Mainstay.Supervisor.Replicas;

/// <summary>All that replicas share: what starts them, what looks at them, where their traffic and output go.</summary>
internal sealed record ReplicaWorld(
    ILauncher Launcher,
    PortAllocator Ports,
    IProcessTree Tree,
    LaunchPlan Plan,
    ITrafficSwitch Traffic,
    IReplicaOutput Output,
    INotes Notes,
    TimeProvider Time,
    ILogger Log);
