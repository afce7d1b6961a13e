using Mainstay.Prove.Experiments.Planning;

namespace Mainstay.Prove.Experiments.Running;

/// <summary>
/// The writes that must outlive a fault, one for each service whose <c>exercise</c> has a request that writes and one that reads it. Meanwhile the load
/// writes nothing there, since that would hide what is lost.
/// </summary>
internal sealed class KeptWrites : IDisposable
{
    private readonly Course _course;
    private readonly Client _client;
    private readonly List<KeptWrite> _writes;

    private KeptWrites(Course course, IEnumerable<WritePair> pairs)
    {
        (_course, _client) = (course, new(course.Time));
        _writes = [.. pairs.Select(pair => new KeptWrite(course, _client, pair))];
    }

    /// <summary>Of all services where something is written and read.</summary>
    public static KeptWrites Of(Course course) =>
        new(course, course.Scope.Loaded.Select(service => WritePair.Find(course.Scope.Sent, service.Name)).OfType<WritePair>());

    /// <summary>None: nothing is written, whatever is asked.</summary>
    public static KeptWrites None(Course course) => new(course, []);

    public bool IsEmpty => _writes.Count == 0;

    /// <summary>The load's writes rest, and it is seen that what is written there can be read.</summary>
    public async Task PrepareAsync(CancellationToken cancel)
    {
        if (IsEmpty)
            return;
        Others().ForEach(stream => _course.SetRate(stream, 0));
        // What is under way still writes.
        var slowest = Others().Select(stream => _course.Scope.Sent[stream].Stream.LatencyP99Seconds).DefaultIfEmpty(0).Max();
        await _course.RestAsync(TimeSpan.FromSeconds(Math.Clamp(slowest, 0.5, 2)), cancel);
        foreach (var write in _writes)
            await write.TryAsync(cancel);
    }

    /// <summary>The last ones before the fault, which follows at once.</summary>
    public Task WriteAsync(CancellationToken cancel) => Task.WhenAll(_writes.Select(write => write.WriteAsync(cancel)));

    /// <summary>Reads them again, records what is seen, and lets the load write as before.</summary>
    public async Task ReadAsync(CancellationToken cancel)
    {
        foreach (var write in _writes)
            await write.ReadAsync(cancel);
        Others().ForEach(stream => _course.SetRate(stream, _course.PerSecond / _course.Scope.Sent.Length));
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Streams of the load that may write where we do.</summary>
    private List<int> Others()
    {
        var sent = _course.Scope.Sent;
        return [.. Enumerable.Range(0, sent.Length).Where(i =>
            sent[i].Stream.Method is not ("GET" or "HEAD" or "OPTIONS") && _writes.Exists(write => write.Route == sent[i].Stream.Route))];
    }
}
