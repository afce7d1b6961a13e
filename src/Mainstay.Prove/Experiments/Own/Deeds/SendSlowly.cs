using Mainstay.Prove.Faults.Requests;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments.Own.Deeds;

/// <summary>Many clients that take their time and hold a connection each.</summary>
internal sealed record SendSlowly(int Count, Slowness Slowness, string Path) : OwnFault
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    public override string Does => $"{Count} clients are slow at {Slowness switch { Slowness.Head => "sending their request", Slowness.Body => "sending a body", _ => "reading an answer" }}";

    public override async Task<string?> RunAsync(OwnRun run, TimeSpan length, CancellationToken cancel)
    {
        var course = run.Course;
        run.On("", Does);
        var clients = await new Faults.Requests.SlowClients(course.Lab.Edge, Path, Pace, length, course.Time).RunAsync(Slowness, Count, cancel);
        run.Off("", "they have gone");
        foreach (var client in clients)
            course.Recorder.Happened(Kinds.SlowClient, "", $"a slow client was {(client.Closed ? "closed" : "kept")}", ("closed", client.Closed ? 1 : 0), ("seconds", client.Elapsed.TotalSeconds));
        return clients.Count > 0 ? $"{clients.Count} slow clients, {clients.Count(client => client.Closed)} of them closed" : null;
    }
}
