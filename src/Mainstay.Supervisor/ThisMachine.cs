using Mainstay.Contracts.Traffic;
using Microsoft.Extensions.Logging;
namespace Mainstay.Supervisor;
internal static class ThisMachine { public static Rollout.Fleet Fleet(ITrafficSwitch traffic, IReplicaOutput output, string stateDirectory, TimeProvider time, ILoggerFactory logs, int seed) => throw new InvalidOperationException(); }
