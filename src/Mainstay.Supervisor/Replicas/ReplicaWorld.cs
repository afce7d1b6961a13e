using Mainstay.Contracts.Traffic;
using Mainstay.Supervisor.Launching;
using Mainstay.Supervisor.Watching;
using Microsoft.Extensions.Logging;

namespace Mainstay.Supervisor.Replicas;

/// <summary>All that replicas share: what starts them, what looks at them, where their traffic and output go.</summary>
internal sealed record ReplicaWorld(
    ILauncher Launcher,
    IPortSource Ports,
    IProcessSight Sight,
    ITrafficSwitch Traffic,
    IReplicaOutput Output,
    TimeProvider Time,
    ILogger Log);
