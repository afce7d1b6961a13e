namespace Mainstay.Resilience.RateLimits;

/// <summary>One part of <see cref="KeyedBuckets"/>: a hash table with chains in arrays that never shrinks and never passes its capacity.</summary>
internal sealed class BucketStripe(RatePolicy policy, int capacity)
{
    /// <summary>Entries that are looked at for one to give up.</summary>
    private const int Looks = 8;

    private readonly Lock _gate = new();
    private Entry[] _entries = new Entry[Math.Min(16, capacity)];
    private int[] _heads = new int[16]; // one above the index; 0: none
    private int _count;
    private int _hand;

    public int Count
    {
        get
        {
            lock (_gate)
                return _count;
        }
    }

    public RateDecision Take(UInt128 key, uint hash, double now)
    {
        lock (_gate)
        {
            for (var at = _heads[hash & (_heads.Length - 1)]; at != 0; at = _entries[at - 1].Next)
            {
                if (_entries[at - 1].Key == key)
                    return _entries[at - 1].Level.Take(policy, now);
            }
            var index = _count < capacity ? AddLocked() : GiveUpLocked(now);
            ref var entry = ref _entries[index];
            ref var head = ref _heads[hash & (_heads.Length - 1)];
            entry = new Entry { Key = key, Hash = hash, Next = head };
            head = index + 1;
            return entry.Level.Take(policy, now);
        }
    }

    private int AddLocked()
    {
        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Min(capacity, _count * 2));
            _heads = new int[_heads.Length * 2];
            for (var i = 0; i < _count; i++)
            {
                ref var head = ref _heads[_entries[i].Hash & (_heads.Length - 1)];
                _entries[i].Next = head;
                head = i + 1;
            }
        }
        return _count++;
    }

    private int GiveUpLocked(double now)
    {
        var least = double.PositiveInfinity;
        var chosen = 0;
        for (var look = 0; look < Looks && least > 0; look++)
        {
            _hand = _hand + 1 < _count ? _hand + 1 : 0;
            var missing = _entries[_hand].Level.Missing(policy, now);
            if (missing >= least)
                continue;
            least = missing;
            chosen = _hand;
        }
        ref var at = ref _heads[_entries[chosen].Hash & (_heads.Length - 1)];
        while (at != chosen + 1)
            at = ref _entries[at - 1].Next;
        at = _entries[chosen].Next;
        return chosen;
    }

    private struct Entry
    {
        public UInt128 Key;
        public BucketLevel Level;
        public uint Hash;
        public int Next;
    }
}
