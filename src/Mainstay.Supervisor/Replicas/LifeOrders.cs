namespace Mainstay.Supervisor.Replicas;

/// <summary>What may be asked of one life of a replica while it lasts.</summary>
/// <param name="Stop">Completes when the replica is to be drained and stopped.</param>
/// <param name="Leave">Completes when it is to be left as it is, for another supervisor.</param>
/// <param name="Condemned">Completes, with the reason, when this process must go; another one follows.</param>
internal readonly record struct LifeOrders(Task Stop, Task Leave, Task<string> Condemned);
