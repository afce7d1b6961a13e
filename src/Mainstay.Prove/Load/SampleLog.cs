using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Load;

/// <summary>
/// Keeps what a load saw for a history, 48 bytes a sample. Bounded: beyond the bound samples are counted and left out, and the history must say so.
/// Several loads may write into one. Thread-safe.
/// </summary>
/// <param name="most">Samples at most. Default 4 million, 190 MiB.</param>
internal sealed class SampleLog(int most = 4_000_000) : ISampleSink
{
    private const int ChunkLength = 16 * 1024;

    private readonly Lock _gate = new();
    private readonly List<Sample[]> _chunks = [];
    private readonly List<LoadSecond> _seconds = [];
    private int _count;
    private long _leftOut;

    /// <summary>Samples kept.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _count;
        }
    }

    /// <summary>Samples that came when it was full; above 0, what it holds is not all that happened.</summary>
    public long LeftOut
    {
        get
        {
            lock (_gate)
                return _leftOut;
        }
    }

    /// <summary>What the generators said of themselves, in the order of time.</summary>
    public ImmutableArray<LoadSecond> Seconds
    {
        get
        {
            lock (_gate)
                return [.. _seconds.OrderBy(second => second.At)];
        }
    }

    public void Add(in Sample sample)
    {
        lock (_gate)
        {
            if (_count == most)
            {
                _leftOut++;
                return;
            }
            if (_count % ChunkLength == 0)
                _chunks.Add(new Sample[ChunkLength]);
            _chunks[^1][_count++ % ChunkLength] = sample;
        }
    }

    public void Add(LoadSecond second)
    {
        lock (_gate)
            _seconds.Add(second);
    }

    /// <summary>All samples so far, in the order in which they were due.</summary>
    public ImmutableArray<Sample> Samples()
    {
        Sample[] all;
        lock (_gate)
        {
            all = new Sample[_count];
            for (var i = 0; i < _chunks.Count; i++)
                _chunks[i].AsSpan(0, Math.Min(ChunkLength, _count - (i * ChunkLength))).CopyTo(all.AsSpan(i * ChunkLength));
        }
        all.AsSpan().Sort(static (a, b) => a.ScheduledAt.CompareTo(b.ScheduledAt));
        return ImmutableCollectionsMarshal.AsImmutableArray(all);
    }
}
