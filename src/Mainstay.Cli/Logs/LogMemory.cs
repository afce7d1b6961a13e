using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Logs;

/// <summary>The recent output of every service, and who follows it. Thread-safe; writing never waits for a reader.</summary>
internal sealed class LogMemory(long bytesPerService)
{
    /// <summary>Bytes of output kept for each service by default.</summary>
    public const long DefaultBytes = 8 << 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LogRing> _rings = new(StringComparer.Ordinal);
    private readonly List<LogFollower> _followers = [];

    public void Write(string service, OutputLine line)
    {
        lock (_gate)
        {
            if (!_rings.TryGetValue(service, out var ring))
                _rings[service] = ring = new(bytesPerService);
            ring.Add(line);
            foreach (var follower in _followers)
                follower.Offer(service, line);
        }
    }

    /// <summary>What is remembered, in the order of time.</summary>
    /// <param name="services">Only these; null or empty: all.</param>
    /// <param name="since">Only lines from then on.</param>
    public IReadOnlyList<OutputLine> Read(IReadOnlyCollection<string>? services, DateTimeOffset? since)
    {
        lock (_gate)
            return ReadLocked(services, since);
    }

    /// <summary>What is remembered, and everything that comes after it, without a gap. The caller disposes the follower.</summary>
    public (IReadOnlyList<OutputLine> Past, LogFollower Follower) Follow(IReadOnlyCollection<string>? services, DateTimeOffset? since)
    {
        lock (_gate)
        {
            var follower = new LogFollower(services, Leave);
            _followers.Add(follower);
            return (ReadLocked(services, since), follower);
        }
    }

    private void Leave(LogFollower follower)
    {
        lock (_gate)
            _followers.Remove(follower);
    }

    private OutputLine[] ReadLocked(IReadOnlyCollection<string>? services, DateTimeOffset? since) =>
        [.. _rings
            .Where(ring => services is null or { Count: 0 } || services.Contains(ring.Key))
            .SelectMany(ring => ring.Value.Since(since))
            .OrderBy(line => line.At)];
}
