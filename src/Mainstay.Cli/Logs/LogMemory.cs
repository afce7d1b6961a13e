using System.Collections.Concurrent;
using Mainstay.Contracts.Control;
using Mainstay.Contracts.Keeping;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Mainstay.Cli.Logs;

/// <summary>The recent output of every service, and who follows it. Thread-safe; writing never waits for a reader.</summary>
/// <param name="files">Where it is kept so that it outlives this process; null: it does not.</param>
internal sealed class LogMemory(long bytesPerService, IKeptFiles? files = null, ILogger? log = null)
{
    /// <summary>Bytes of output kept for each service by default.</summary>
    public const long DefaultBytes = 8 << 20;

    private const string KeyPrefix = "logs/";

    private readonly Lock _gate = new();
    // Opening asks the keeper: no line of another service waits for that, and one service never has two rings in one file.
    private readonly ConcurrentDictionary<string, Lazy<LogRing>> _rings = new(StringComparer.Ordinal);
    private readonly List<LogFollower> _followers = [];
    private int _saidNotKept;

    /// <summary>The service whose output is kept under this key, if one is.</summary>
    public static string? ServiceOf(string key) => key.StartsWith(KeyPrefix, StringComparison.Ordinal) ? key[KeyPrefix.Length..] : null;

    /// <summary>Opens what an earlier process kept of these services; until then (or until their first line) it cannot be read. What it kept of others goes.</summary>
    public void Recover(IEnumerable<string> services)
    {
        foreach (var service in services)
            _ = Ring(service);
        foreach (var key in files?.Keys.Where(key => ServiceOf(key) is not null) ?? [])
            files!.Forget(key);
    }

    /// <summary>Another process has written meanwhile, and does not any more.</summary>
    public void Reread()
    {
        lock (_gate)
        {
            foreach (var ring in _rings.Values.Where(ring => ring.IsValueCreated))
                ring.Value.Reread();
        }
    }

    /// <summary>The service is gone, and what was remembered of it with it.</summary>
    public void Forget(string service)
    {
        if (_rings.TryRemove(service, out _))
            files?.Forget(KeyPrefix + service);
    }

    public void Write(string service, OutputLine line) => Write(service, line, default);

    public void Write(string service, OutputLine line, LinePosition position)
    {
        var ring = Ring(service);
        lock (_gate)
        {
            ring.Add(line, position);
            foreach (var follower in _followers)
                follower.Offer(service, line);
        }
    }

    /// <summary>How far a stream's lines are remembered: of a stream that is read once more, what comes after is new. Null: none is remembered.</summary>
    public LinePosition? LastPosition(string service, long stream)
    {
        var ring = Ring(service);
        lock (_gate)
            return ring.LastPosition(stream);
    }

    /// <summary>What is remembered, in the order of time.</summary>
    /// <param name="services">Only these; null or empty: all.</param>
    /// <param name="since">Only lines from then on.</param>
    public IReadOnlyList<OutputLine> Read(IReadOnlyCollection<string>? services, DateTimeOffset? since)
    {
        List<Remembered> remembered;
        lock (_gate)
            remembered = RememberedLocked(services);
        return Lines(remembered, since);
    }

    /// <summary>What is remembered, and everything that comes after it, without a gap. The caller disposes the follower.</summary>
    public (IReadOnlyList<OutputLine> Past, LogFollower Follower) Follow(IReadOnlyCollection<string>? services, DateTimeOffset? since)
    {
        List<Remembered> remembered;
        var follower = new LogFollower(services, Leave);
        lock (_gate)
        {
            _followers.Add(follower);
            remembered = RememberedLocked(services);
        }
        return (Lines(remembered, since), follower);
    }

    private void Leave(LogFollower follower)
    {
        lock (_gate)
            _followers.Remove(follower);
    }

    private LogRing Ring(string service) => _rings.TryGetValue(service, out var known)
        ? known.Value
        : _rings.GetOrAdd(service, static (service, memory) => new(() => memory.Open(service)), this).Value;

    private LogRing Open(string service)
    {
        if (files?.Open(KeyPrefix + service, bytesPerService) is { } file && RingBytes.Map(file, bytesPerService) is { } kept)
            return LogRing.Open(kept);
        if (files is not null && Interlocked.Exchange(ref _saidNotKept, 1) == 0)
            (log ?? NullLogger.Instance).NotKept(service);
        return LogRing.Open(RingBytes.Plain(bytesPerService));
    }

    private List<Remembered> RememberedLocked(IReadOnlyCollection<string>? services) =>
        [.. _rings
            .Where(ring => ring.Value.IsValueCreated && (services is null or { Count: 0 } || services.Contains(ring.Key)))
            .Select(ring => new Remembered(ring.Value.Value, ring.Value.Value.End, ring.Value.Value.Used))];

    /// <summary>
    /// Copies one ring at a time, so that a writer waits for one copy at most, and reads the lines out of the copy while nobody waits.
    /// What is written meanwhile lies beyond the ends that were noted together; it can only push out the oldest lines.
    /// </summary>
    private OutputLine[] Lines(List<Remembered> remembered, DateTimeOffset? since)
    {
        var copy = GC.AllocateUninitializedArray<byte>((int)remembered.Select(ring => ring.Used).DefaultIfEmpty().Max());
        var lines = new LogRecords(since);
        foreach (var (ring, end, _) in remembered)
        {
            int copied;
            lock (_gate)
                copied = ring.CopyTo(copy, end);
            lines.Add(copy.AsSpan(0, copied));
        }
        return [.. lines.InOrder];
    }

    /// <summary>What is in a ring at one moment.</summary>
    private readonly record struct Remembered(LogRing Ring, long End, long Used);
}
