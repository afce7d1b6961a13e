using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Verdicts.Claims;

/// <summary>
/// The load after a moment, in windows of one second that begin every 100 ms. A window is good when the requests due in it failed no more often than their
/// objectives allow, and not more than 1 % of them took longer; one without requests is neither good nor bad.
/// </summary>
internal sealed class RecoveryWindows
{
    /// <summary>So many good windows one after the other are a recovery.</summary>
    public const int Needed = 5;

    private const long Step = 100_000;
    private const int StepsPerWindow = 10;
    private const double MaySlow = 0.01;

    private readonly Cell[] _cells;

    private RecoveryWindows(Cell[] cells) => _cells = cells;

    /// <summary>How many requests there were.</summary>
    public int Requests => _cells.Sum(cell => cell.Requests);

    /// <summary>Seconds that were watched.</summary>
    public double Watched => _cells.Length * (Step / 1e6);

    /// <param name="streams">Of all samples.</param>
    /// <param name="samples">Those that count.</param>
    /// <param name="start">The moment.</param>
    /// <param name="until">What is due from then on does not count; what had not ended by then only if it was late already.</param>
    public static RecoveryWindows After(IReadOnlyList<LoadStream> streams, IEnumerable<Sample> samples, long start, long until = long.MaxValue)
    {
        var counted = samples.Where(sample => sample.ScheduledAt >= start && sample.ScheduledAt < until && sample.Fate != Fate.Cut
            && (sample.EndedAt <= until || until - sample.ScheduledAt > streams[sample.Stream].LatencyP99Seconds * 1e6)).ToList();
        var cells = new Cell[counted.Count == 0 ? 0 : (int)((counted.Max(sample => sample.ScheduledAt) - start) / Step) + 1];
        foreach (var sample in counted)
        {
            var stream = streams[sample.Stream];
            var failed = !stream.IsGood(sample);
            ref var cell = ref cells[(sample.ScheduledAt - start) / Step];
            cell.Requests++;
            cell.MayFail += 1 - stream.Availability;
            cell.Failed += failed ? 1 : 0;
            cell.Slow += !failed && sample.Latency > stream.LatencyP99Seconds * 1e6 ? 1 : 0;
        }

        return new(cells);
    }

    /// <summary>Seconds until the first window of a recovery begins; null when there was none.</summary>
    public double? FirstGood()
    {
        for (var first = 0; first < _cells.Length; first++)
        {
            if (Row(first).All(isGood => isGood == true))
                return first * Step / 1e6;
        }

        return null;
    }

    /// <summary>Whether a bad window stands in the way of every recovery that would have begun in time.</summary>
    public bool AllBad(double seconds)
    {
        for (var first = 0; first * Step <= seconds * 1e6; first++)
        {
            if (!Row(first).Any(isGood => isGood == false))
                return false;
        }

        return true;
    }

    private IEnumerable<bool?> Row(int first) => Enumerable.Range(0, Needed).Select(index => IsGood(first + (index * StepsPerWindow)));

    /// <summary>Null: not watched whole, or empty.</summary>
    private bool? IsGood(int first)
    {
        if (first + StepsPerWindow > _cells.Length)
            return null;
        var window = default(Cell);
        foreach (var cell in _cells.AsSpan(first, StepsPerWindow))
        {
            window.Requests += cell.Requests;
            window.Failed += cell.Failed;
            window.Slow += cell.Slow;
            window.MayFail += cell.MayFail;
        }

        return window.Requests == 0 ? null
            : window.Failed <= Math.Floor(window.MayFail + 1e-9) && window.Slow <= Math.Floor((window.Requests * MaySlow) + 1e-9);
    }

    private record struct Cell(int Requests, int Failed, int Slow, double MayFail);
}
