using System.Collections.Immutable;
using Mainstay.Manifest.Model;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Experiments.Planning;

/// <summary>What the load sends, and which routes it leaves alone. Pure.</summary>
internal static class Exercises
{
    private static readonly string[] Harmless = ["GET", "HEAD"];

    /// <param name="manifest">As written.</param>
    /// <param name="reach">Which dependencies may be loaded.</param>
    public static (ImmutableArray<Exercised> Sent, ImmutableArray<LeftOut> LeftOut) Of(ManifestSpec manifest, Reach reach)
    {
        var sent = ImmutableArray.CreateBuilder<Exercised>();
        var left = ImmutableArray.CreateBuilder<LeftOut>();
        foreach (var route in manifest.Routes.Where(route => route.Service is not null))
        {
            var service = manifest.FindService(route.Service!);
            if (service is null)
                continue;
            if (Refusal(route, service, reach) is { } reason)
            {
                left.Add(new($"route {route.Display}", reason));
                continue;
            }
            var exercises = route.Exercise.IsDefaultOrEmpty ? ImmutableArray.Create(Default(route)) : route.Exercise;
            foreach (var exercise in exercises)
                sent.Add(new(StreamOf(route, service, exercise), route, HeadersOf(route, exercise), exercise.Body, !route.Exercise.IsDefaultOrEmpty));
        }
        return (sent.ToImmutable(), left.ToImmutable());
    }

    /// <summary>A request that nobody but an experiment of the user's sends; null: its route's service is gone.</summary>
    public static Exercised? One(ManifestSpec manifest, RouteSpec route, ExerciseSpec request) => manifest.FindService(route.Service!) is { } service
        ? new(StreamOf(route, service, request), route, HeadersOf(route, request), request.Body, IsWritten: true)
        : null;

    /// <summary>Why a route may not be sent anything, not even what is written; null: it may.</summary>
    public static string? RefusalOf(Scope scope, RouteSpec route) => Refusal(route with { Exercise = [Default(route)] }, scope.Service(route.Service!), scope.Reach);

    /// <summary>Null: it may be exercised.</summary>
    private static string? Refusal(RouteSpec route, ServiceSpec service, Reach reach)
    {
        if (service.Urls.IsDefaultOrEmpty is false && service.Urls.FirstOrDefault(url => !Reach.IsLoopback(url)) is { } foreign)
            return $"{service.Name} is run by someone else at {foreign.GetLeftPart(UriPartial.Authority)}; only loopback is loaded";
        if (UsedBy(route).FirstOrDefault(name => !reach.Has(name)) is { } dependency)
            return $"it uses {dependency}: {reach.WhyNot(dependency)}";
        if (!route.Exercise.IsDefaultOrEmpty)
            return null;
        if (!route.Methods.IsDefaultOrEmpty && !route.Methods.Contains("GET"))
            return $"it takes {string.Join(", ", route.Methods)}, and only GET is sent unasked; give it an `exercise`";
        return route.Path.Split('/').Contains("*") ? "its path has a parameter; give it an `exercise`" : null;
    }

    private static ImmutableArray<string> UsedBy(RouteSpec route) => route.Uses.IsDefault ? [] : route.Uses;

    private static ExerciseSpec Default(RouteSpec route) => new(
        "GET",
        route.Path == "/**" ? "/" : route.Path.EndsWith("/**", StringComparison.Ordinal) ? route.Path[..^3] : route.Path,
        ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.OrdinalIgnoreCase),
        null,
        null);

    private static LoadStream StreamOf(RouteSpec route, ServiceSpec service, ExerciseSpec exercise)
    {
        var uses = UsedBy(route);
        return new(
            $"{exercise.Method} {exercise.Path}",
            LoadStream.Roles.Load,
            route.Display,
            service.Name,
            exercise.Method,
            exercise.Path,
            route.Idempotent.Contains(exercise.Method) || exercise.Headers.ContainsKey("Idempotency-Key"),
            route.Priority switch { RoutePriority.Critical => "critical", RoutePriority.Sheddable => "sheddable", _ => "normal" },
            exercise.ExpectedStatus,
            route.Timeout.TotalSeconds,
            route.Objective.Availability,
            route.Objective.LatencyP99.TotalSeconds,
            uses,
            [.. service.Needs.Where(need => !need.Optional && uses.Contains(need.Dependency)).Select(need => need.Dependency)]);
    }

    private static ImmutableSortedDictionary<string, string> HeadersOf(RouteSpec route, ExerciseSpec exercise) =>
        route.Host is not { } host || exercise.Headers.ContainsKey("Host")
            ? exercise.Headers
            : exercise.Headers.SetItem("Host", host.StartsWith("*.", StringComparison.Ordinal) ? "prove" + host[1..] : host);

    /// <summary>Whether the load does nothing but read.</summary>
    public static bool OnlyReads(IEnumerable<Exercised> sent) => sent.All(exercised => Harmless.Contains(exercised.Stream.Method));
}
