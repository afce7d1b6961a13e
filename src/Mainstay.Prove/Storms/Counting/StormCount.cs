using System.Collections.Immutable;
using Mainstay.Prove.Load;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Storms.Counting;

/// <summary>Good seconds and bad ones, from what the load saw. A request counts in the second in which it was due.</summary>
internal static class StormCount
{
    /// <summary>Microseconds: a good answer comes within it.</summary>
    private const long InTime = 1_000_000;

    /// <summary>Microseconds: so fast must a refusal be, to cost its client nothing.</summary>
    private const long FastRefusal = 50_000;

    /// <summary>All seconds of the storm, also those without requests.</summary>
    /// <param name="samples">In any order; those of before and after the storm do not count.</param>
    /// <param name="streams">What was sent.</param>
    /// <param name="window">Where the storm is.</param>
    public static ImmutableArray<StormSecond> Of(IEnumerable<Sample> samples, IReadOnlyList<StreamSpec> streams, StormWindow window)
    {
        var counts = new int[window.Seconds, Enum.GetValues<Answer>().Length];
        foreach (var sample in samples)
        {
            var second = window.SecondOf(sample.ScheduledAt);
            if (second >= 0 && second < window.Seconds && sample.Fate != Fate.Cut)
                counts[second, (int)Judge(sample, streams[sample.Stream], window)]++;
        }
        return [.. Enumerable.Range(0, window.Seconds).Select(second => Second(second, counts))];
    }

    private static StormSecond Second(int second, int[,] counts)
    {
        int Count(Answer answer) => counts[second, (int)answer];
        var (good, slow, refused, failed) = (Count(Answer.Good), Count(Answer.Slow), Count(Answer.Refused), Count(Answer.Failed));
        return new(second, good + slow + refused + failed, good, slow, refused, failed);
    }

    private static Answer Judge(in Sample sample, StreamSpec stream, StormWindow window)
    {
        if (sample.Fate == Fate.Answered && stream.IsGood(sample.Status))
            return sample.Latency <= InTime ? Answer.Good : Answer.Slow;
        return sample.IsShed && sample.Latency <= FastRefusal && window.IsOverload(sample.ScheduledAt) ? Answer.Refused : Answer.Failed;
    }

    private enum Answer
    {
        Good,
        Slow,
        Refused,
        Failed,
    }
}
