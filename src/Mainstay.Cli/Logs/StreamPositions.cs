using System.Runtime.InteropServices;
using Mainstay.Contracts.Keeping;

namespace Mainstay.Cli.Logs;

/// <summary>How far each stream of a service has been remembered. Bounded: of many streams, those that wrote last are known. Not thread-safe.</summary>
internal sealed class StreamPositions
{
    /// <summary>Each process has two streams; a service that crashes all the time has had many in the time of its ring.</summary>
    internal const int Most = 512;

    private readonly Dictionary<long, (long End, long Seen)> _streams = [];

    /// <param name="seen">Grows from line to line.</param>
    public void Saw(LinePosition position, long seen)
    {
        if (!position.IsKnown)
            return;
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_streams, position.Stream, out _);
        known = (Math.Max(known.End, position.End), seen);
        if (_streams.Count >= 2 * Most)
            ForgetOldest();
    }

    public LinePosition? Last(long stream) => _streams.TryGetValue(stream, out var known) ? new(stream, known.End) : null;

    private void ForgetOldest()
    {
        foreach (var stream in _streams.OrderByDescending(stream => stream.Value.Seen).Skip(Most).Select(stream => stream.Key).ToList())
            _streams.Remove(stream);
    }
}
