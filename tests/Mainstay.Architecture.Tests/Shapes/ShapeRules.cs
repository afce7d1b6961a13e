using System.Reflection;

namespace Mainstay.Architecture.Tests.Shapes;

/// <summary>Limits on types, by reflection.</summary>
internal static class ShapeRules
{
    public const int MostDependencies = 6;

    /// <summary>Projects whose types are meant to be seen; elsewhere each public type is listed.</summary>
    private static readonly string[] OpenProjects = ["Mainstay.Contracts", "Mainstay.Manifest", "Mainstay.Resilience"];

    private static readonly HashSet<string> PublicByDecision =
    [
        "Mainstay.Edge.EdgeServer",
        "Mainstay.Edge.ListenException",
        "Mainstay.Supervisor.FleetSupervisor",
        "Mainstay.Supervisor.IProgress",
        "Mainstay.Supervisor.IReplicaOutput",
        "Mainstay.Supervisor.RolloutException",
        "Mainstay.Keeper.Client.IKeeperWishes",
        "Mainstay.Keeper.Client.KeeperLink",
        "Mainstay.Keeper.Keeping.KeeperProgram",
        "Mainstay.Keeper.Launching.LocalLauncher",
    ];

    public static IEnumerable<string> TooManyDependencies(Type type) =>
        !type.IsClass || IsRecord(type) || typeof(Delegate).IsAssignableFrom(type)
            ? []
            : type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .Where(constructor => constructor.GetParameters().Length > MostDependencies)
                .Select(constructor => $"{type.FullName} takes {constructor.GetParameters().Length} things; at most {MostDependencies}.");

    /// <summary>A class that is neither sealed, abstract, static nor derived from has no reason to be open.</summary>
    public static IEnumerable<string> OpenWithoutReason(Type type, IEnumerable<Type> all) =>
        type.IsClass && !type.IsSealed && !type.IsAbstract && !all.Any(other => Definition(other.BaseType) == type)
            ? [$"{type.FullName} should be sealed."]
            : [];

    public static IEnumerable<string> PublicWithoutDecision(Type type) =>
        type.IsPublic && !OpenProjects.Contains(type.Assembly.GetName().Name) && !PublicByDecision.Contains(type.FullName!)
            ? [$"{type.FullName} is public; make it internal, or list it with a reason."]
            : [];

    private static Type? Definition(Type? type) => type is { IsGenericType: true } ? type.GetGenericTypeDefinition() : type;

    private static bool IsRecord(Type type) => type.GetMethod("<Clone>$", BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic) is not null;
}
