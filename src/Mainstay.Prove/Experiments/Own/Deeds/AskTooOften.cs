using Greedy = Mainstay.Prove.Faults.Requests.NoisyClient;

namespace Mainstay.Prove.Experiments.Own.Deeds;

/// <summary>One client, from an address of its own, that asks far more than the others.</summary>
internal sealed record AskTooOften(string Path, double PerSecond) : OwnFault
{
    private const int Connections = 8;

    public override string Does => $"one client asks for {Path} {PerSecond:0.##} times a second";

    public override async Task<string?> RunAsync(OwnRun run, TimeSpan length, CancellationToken cancel)
    {
        var course = run.Course;
        run.On("", Does);
        var evidence = await new Greedy(course.Lab.Edge, Greedy.DefaultFrom, Path, PerSecond, Connections, course.Time).RunAsync(length, cancel);
        cancel.ThrowIfCancellationRequested();
        run.Off("", $"it has sent {evidence.Sent} requests");
        return evidence.Sent > 0 ? $"{evidence.Sent} requests of the greedy client, {evidence.Limited} of them refused with 429" : null;
    }
}
