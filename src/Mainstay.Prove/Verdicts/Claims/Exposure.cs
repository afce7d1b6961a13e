using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// Which requests were exposed to what was done: due between a happening and the next one that ends it, or in flight when it happened. A fast application
/// has little in flight, so the total of requests would say nothing about a kill.
/// </summary>
internal sealed class Exposure
{
    private readonly List<(long From, long To)> _windows = [];
    private readonly List<long> _starts = [];

    /// <param name="history">What was recorded.</param>
    /// <param name="phase">Only starts in it count, and windows without an end last as long as it.</param>
    /// <param name="startKind">Null: all of the phase.</param>
    /// <param name="endKind">Null: until the end of the phase.</param>
    /// <param name="startAfter">Microseconds after the start until the window opens.</param>
    public Exposure(History history, Phase phase, string? startKind, string? endKind, long startAfter = 0)
    {
        if (startKind is null)
        {
            _windows.Add((phase.From, phase.To));
            return;
        }

        _starts.AddRange(history.Happenings.Where(happening => happening.Kind == startKind && phase.Contains(happening.At))
            .Select(happening => happening.At).Order());
        var ends = history.Happenings.Where(happening => happening.Kind == endKind).Select(happening => happening.At).Order().ToList();
        foreach (var start in _starts)
        {
            var next = ends.BinarySearch(start + 1);
            next = next < 0 ? ~next : next;
            Open(start + startAfter, next < ends.Count ? ends[next] : phase.To);
        }
    }

    /// <summary>How often it was done; 0 also when all of the phase counts.</summary>
    public int Starts => _starts.Count;

    /// <summary>Due in one of the windows.</summary>
    public bool Arrives(in Sample sample)
    {
        var at = sample.ScheduledAt;
        return _windows.Exists(window => at >= window.From && at < window.To);
    }

    /// <summary>Under way at one of the starts.</summary>
    public bool InFlight(in Sample sample)
    {
        var next = _starts.BinarySearch(sample.ScheduledAt);
        next = next < 0 ? ~next : next;
        return next < _starts.Count && _starts[next] < sample.EndedAt;
    }

    private void Open(long from, long to)
    {
        if (from >= to)
            return;
        if (_windows is [.., var last] && from <= last.To)
            _windows[^1] = (last.From, Math.Max(last.To, to));
        else
            _windows.Add((from, to));
    }
}
