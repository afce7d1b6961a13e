using System.Collections.Immutable;
using System.Net;
using Mainstay.Manifest.Model;
using Mainstay.Prove.Experiments.Own.Reading;
using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Faults.Requests;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments.Own.Deeds;

/// <summary>Many clients that take their time and hold a connection each.</summary>
/// <param name="Path">Null: that of a request of the load.</param>
internal sealed record SendSlowly(int Count, Slowness Slowness, string? Path) : OwnFault
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private bool HasBody => Slowness is Slowness.Body or Slowness.Upload;

    public override string Does => $"{Count} clients are slow at {Slowness switch { Slowness.Head => "sending their request", _ when HasBody => "sending a body", _ => "reading an answer" }}";

    public override async Task<string?> RunAsync(OwnRun run, TimeSpan length, CancellationToken cancel)
    {
        var course = run.Course;
        run.On("", Does);
        var slow = new Faults.Requests.SlowClients(course.Lab.Edge, AimAt(course.Lab.Edge, course.Scope), Pace, length, course.Time);
        var clients = (await slow.RunAsync(Slowness, Count, cancel)).Where(client => client.Connected).ToList();
        run.Off("", "they have gone");
        foreach (var client in clients)
            course.Recorder.Happened(Kinds.SlowClient, "", $"a slow client was {(client.Closed ? "closed" : "kept")}", ("closed", client.Closed ? 1 : 0), ("seconds", client.Elapsed.TotalSeconds));
        return clients.Count > 0 ? $"{clients.Count} slow clients, {clients.Count(client => client.Closed)} of them closed" : null;
    }

    /// <summary>With the host of the route that takes it, where one does.</summary>
    internal Aim AimAt(IPEndPoint edge, Scope scope)
    {
        if (Path is null && Targets.Of(scope) is { } targets)
            return (HasBody ? targets.Upload : targets.Ask).AimAt(edge);
        var request = new ExerciseSpec(HasBody ? "POST" : "GET", Path ?? "/", ImmutableSortedDictionary<string, string>.Empty, null, null);
        return RouteNames.Of(scope.Manifest, request) is { } route && Exercises.One(scope.Manifest, route, request) is { } exercised
            ? exercised.AimAt(edge)
            : new(request.Method, request.Path, edge.ToString());
    }
}
