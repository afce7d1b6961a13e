using System.Globalization;
using Mainstay.Manifest.Model;

namespace Mainstay.Supervisor.Launching;

/// <summary>
/// Builds the environment of a replica. From the weakest to the strongest: inherited, <c>env_file</c>, the variables of needed dependencies,
/// <c>environment</c>, Mainstay's own.
/// </summary>
/// <param name="Inherited">Mainstay's own environment.</param>
/// <param name="OwnVariables">What Mainstay sets for its own runtime and must not leak: names, or beginnings that end in <c>*</c>; case is ignored.</param>
/// <param name="Inherit">Which of the inherited ones it gets.</param>
/// <param name="FromFile">The contents of <c>env_file</c>.</param>
/// <param name="Written">The manifest's <c>environment</c>.</param>
/// <param name="Dependencies">Variables of the dependencies that the service needs.</param>
internal sealed record ReplicaEnvironment(
    IReadOnlyDictionary<string, string> Inherited,
    IReadOnlyCollection<string> OwnVariables,
    InheritSpec Inherit,
    IReadOnlyDictionary<string, string> FromFile,
    IReadOnlyDictionary<string, string> Written,
    IReadOnlyDictionary<string, string> Dependencies)
{
    private static readonly HashSet<string> Minimal = new(StringComparer.Ordinal) { "PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR" };

    // Mainstay's own port, if it has one, is not the replica's.
    private static readonly HashSet<string> NeverInherited = new(StringComparer.Ordinal) { "PORT", "ASPNETCORE_URLS" };

    /// <summary>For a replica.</summary>
    /// <param name="port">Null for a worker, which gets no PORT and no ASPNETCORE_URLS.</param>
    public Dictionary<string, string> ForReplica(string service, string replica, int release, int? port)
    {
        var environment = ForStep();
        if (port is { } number)
        {
            var text = number.ToString(CultureInfo.InvariantCulture);
            environment["PORT"] = text;
            environment["ASPNETCORE_URLS"] = $"http://127.0.0.1:{text}";
        }

        environment["MAINSTAY_SERVICE"] = service;
        environment["MAINSTAY_REPLICA"] = replica;
        environment["MAINSTAY_RELEASE"] = release.ToString(CultureInfo.InvariantCulture);
        return environment;
    }

    /// <summary>For a command beside the replicas; for <c>build</c> and <c>before</c>, which always inherit everything, say so in <see cref="Inherit"/>.</summary>
    public Dictionary<string, string> ForStep()
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in Inherited)
        {
            if (IsInherited(name))
                environment[name] = value;
        }

        foreach (var layer in (ReadOnlySpan<IReadOnlyDictionary<string, string>>)[FromFile, Dependencies, Written])
        {
            foreach (var (name, value) in layer)
                environment[name] = value;
        }

        return environment;
    }

    private bool IsInherited(string name)
    {
        // The system allows what no process can be given by name.
        if (name.Length == 0 || NeverInherited.Contains(name) || OwnVariables.Any(own => Matches(own, name)))
            return false;
        return Inherit.Kind == InheritKind.All
            || Minimal.Contains(name)
            || name.StartsWith("LC_", StringComparison.Ordinal)
            || (Inherit.Kind == InheritKind.Listed && Inherit.Names.Contains(name));
    }

    private static bool Matches(string own, string name) => own.EndsWith('*')
        ? name.AsSpan().StartsWith(own.AsSpan(0, own.Length - 1), StringComparison.OrdinalIgnoreCase)
        : own.Equals(name, StringComparison.OrdinalIgnoreCase);
}
