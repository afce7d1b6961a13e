using System.Collections.Immutable;
using Mainstay.Prove.Load;
using Mainstay.Prove.Load.Scheduling;

namespace Mainstay.Prove.Storms;

/// <summary>What clients ask for during a storm: the same for every contender.</summary>
internal static class StormLoad
{
    /// <summary>Requests per second. Two workers can do 200.</summary>
    public const double PerSecond = 60;

    /// <summary>The overload, in multiples of it.</summary>
    public const double Times = 10;

    /// <summary>Carries an order's number: an order that is carried out twice is seen by it.</summary>
    public const string OrderHeader = "Order-Id";

    /// <summary>Clients give up then.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Enough for all requests of the overload to be out at once.</summary>
    private const int Connections = 4096;

    /// <summary>Work, a question that needs the dependency, and orders, which must not be carried out twice.</summary>
    public static ImmutableArray<StreamSpec> Streams { get; } =
    [
        new("GET", "/work") { ExpectedStatus = 200, Weight = 3, Patience = Patience },
        new("GET", "/price") { ExpectedStatus = 200, Weight = 1, Patience = Patience },
        new("POST", "/orders") { ExpectedStatus = 201, Weight = 1, Patience = Patience, NumberHeader = OrderHeader },
    ];

    public static LoadPlan PlanFor(LoadTarget target, ulong seed) => new(target, Streams, Pace.Constant(PerSecond)) { Seed = seed, Connections = Connections };
}
