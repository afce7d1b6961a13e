using System.Collections.Immutable;
using Mainstay.Cli.State;
using Mainstay.Manifest.Model;

namespace Mainstay.Cli.Composition;

/// <summary>Pure: which manifest a deploy leads to, and through which one the edge passes on the way.</summary>
internal static class DeployScope
{
    /// <summary>
    /// What a deploy of <paramref name="services"/> leads to. All of them (none named): the manifest as it is now. Some: these services and
    /// their routes as they are now, everything else as it runs.
    /// </summary>
    public static ManifestSpec Target(ManifestSpec running, ManifestSpec written, IReadOnlyList<string> services)
    {
        if (services.Count == 0)
            return written;
        foreach (var name in services)
        {
            if (running.FindService(name) is null && written.FindService(name) is null)
                throw CommandFailure.Usage($"there is no service '{name}'; known are: {string.Join(", ", written.Services.Select(service => service.Name))}");
        }
        var kept = running.Services.Where(service => !services.Contains(service.Name) || written.FindService(service.Name) is not null)
            .Select(service => services.Contains(service.Name) ? written.FindService(service.Name)! : service);
        var added = written.Services.Where(service => services.Contains(service.Name) && running.FindService(service.Name) is null);
        var taken = written.Routes.Where(route => IsAmong(services, route)).ToImmutableArray();
        var left = running.Routes.Where(route => !IsAmong(services, route) && !taken.Any(other => Matches(other, route)));
        return running with
        {
            Services = [.. kept, .. added],
            Dependencies = written.Dependencies,
            Routes = [.. left, .. taken],
        };
    }

    /// <summary>
    /// What the edge serves while the replicas roll: routes as they were, services of before and after, listeners of before and, as far as
    /// they can be bound beside those, of after, so that a port in use stops a deploy before anything is touched.
    /// </summary>
    public static ManifestSpec Passage(ManifestSpec running, ManifestSpec target)
    {
        var added = target.Services.Where(service => running.FindService(service.Name) is null);
        var listeners = target.Edge.Listen.Where(after => running.Edge.Listen.All(before => before.Port != after.Port || after.Port == 0 && before.Url != after.Url));
        return running with
        {
            Services = [.. running.Services, .. added],
            Edge = running.Edge with { Listen = [.. running.Edge.Listen, .. listeners] },
        };
    }

    private static bool IsAmong(IReadOnlyList<string> services, RouteSpec route) => route.Service is { } service && services.Contains(service);

    private static bool Matches(RouteSpec one, RouteSpec other) =>
        one.Path == other.Path && one.Host == other.Host && one.Methods.Order().SequenceEqual(other.Methods.Order());
}
