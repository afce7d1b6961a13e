using System.Collections.Immutable;
using System.Net;
using Mainstay.Contracts.Control;
using Mainstay.Prove.Experiments.Blocking.Managed;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Recording;
using Kinds = Mainstay.Prove.Recording.Happening.Kinds;

namespace Mainstay.Prove.Experiments.Blocking;

/// <summary>
/// Watches all replicas of a service for stretches in which they stand still: Node.js from within, what does not carry that watch from outside, by
/// questions that it should answer at once.
/// </summary>
internal sealed class BlockWatch : IAsyncDisposable
{
    private readonly Course _course;
    private readonly EventLoopWatch? _inside;
    private readonly CancellationTokenSource _ended = new();
    private readonly ImmutableArray<OutsideWatch> _outside;
    private readonly Task _running;

    /// <param name="course">Observing already.</param>
    /// <param name="inside">Null: the application does not start with it.</param>
    /// <param name="limit">From when on it stands still.</param>
    public BlockWatch(Course course, EventLoopWatch? inside, TimeSpan limit)
    {
        (_course, _inside) = (course, inside);
        var carried = Logs();
        _outside =
        [
            .. course.Replicas(course.Subject)
                .Where(replica => !carried.Contains(replica.Name) && replica.Pid is not null && IPEndPoint.TryParse(replica.Address ?? "", out _))
                .Select(replica => new OutsideWatch(replica.Pid!.Value, BeatOf(replica, limit))),
        ];
        _running = Task.WhenAll(_outside.Select(watch => watch.RunAsync(_ended.Token)));
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _running;
        _ended.Dispose();
    }

    /// <summary>Puts on the record what was seen from one moment to another.</summary>
    public void Record(long from, long to)
    {
        var offset = MonotonicMicros() - _course.Now;
        var logs = _inside?.Read() ?? [];
        foreach (var log in logs.Where(log => log.Beats(from + offset, to + offset) > 0))
            Watched(log.Replica, log.Beats(from + offset, to + offset), "beats of its event loop were seen");
        foreach (var watch in _outside.Where(watch => watch.Beat.Beats(from, to) > 0))
            Watched(watch.Beat.Replica, watch.Beat.Beats(from, to), "answers to a question past the edge were seen");
        foreach (var trouble in logs.SelectMany(log => log.Troubles.Select(text => $"the watch in {log.Replica}: {text}")).Distinct())
            _course.Trouble(trouble);

        var blocks = logs.SelectMany(log => log.Blocks).Select(block => block with { From = block.From - offset })
            .Concat(_outside.SelectMany(watch => watch.Blocks(from, to)))
            .Where(block => block.From >= from && block.From < to).ToList();
        foreach (var block in blocks)
            _course.Recorder.Add(HappeningOf(block));
        Name(blocks);
    }

    /// <summary>
    /// Looks for the code of what stood still and carries no watch: the next time that it does, if its runtime can be asked. That disturbs it, so it comes
    /// after what is judged.
    /// </summary>
    public async Task NameAsync(Phase judged, CancellationToken cancel)
    {
        foreach (var watch in _outside.Where(watch => watch.Blocks(judged.From, judged.To).Any()))
        {
            var stacks = new ManagedNaming(_course, watch);
            if (stacks.Runtime is { } runtime && await stacks.TryAsync(runtime, cancel))
                continue;
            var why = stacks.Why ?? "this runtime does not tell";
            var words = watch.Words(judged.From, judged.To);
            _course.Recorder.Happened(Kinds.CodeNotNamed, watch.Beat.Replica, $"the code is not named: {why}{(words is null ? "" : $"; {words}")}");
        }
    }

    /// <summary>Of those whose stack was seen.</summary>
    private void Name(List<BlockedStretch> blocks)
    {
        var named = blocks.Select(block => (Block: block, Code: CodePlace.Of(block.Stack, _course.Service.Directory))).Where(block => block.Code is not null);
        foreach (var place in named.GroupBy(block => block.Code!).OrderByDescending(place => place.Sum(block => block.Block.Seconds)))
        {
            _course.Recorder.Happened(
                Kinds.CodeNamed, _course.Subject, place.Key,
                ("blocks", place.Count()), ("seconds", place.Sum(block => block.Block.Seconds)), ("longest", place.Max(block => block.Block.Seconds)));
        }
    }

    private void Watched(string replica, int beats, string what) => _course.Recorder.Happened(Kinds.Watched, replica, $"{replica}: {beats} {what}", ("beats", beats));

    private static Happening HappeningOf(BlockedStretch block)
    {
        (string, double)[] numbers = block.Ran is { } ran ? [("seconds", block.Seconds), ("ran_seconds", ran)] : [("seconds", block.Seconds)];
        var how = block.Ran is { } used ? used > block.Seconds / 2 ? ", at work" : ", waiting" : "";
        return Happening.Of(block.From, Kinds.Blocked, block.Replica, $"{block.Replica} stood still for {block.Seconds * 1000:0} ms{how}", numbers);
    }

    /// <summary>Replicas whose processes carry the watch.</summary>
    private HashSet<string> Logs() => [.. (_inside?.Read() ?? []).Where(log => !log.Seconds.IsEmpty).Select(log => log.Replica)];

    private Heartbeat BeatOf(ReplicaStatus replica, TimeSpan limit) => new(
        replica.Name, IPEndPoint.Parse(replica.Address!),
        _course.Service.Health.Ready is { } path ? $"GET {path}" : "HEAD /mainstay-heartbeat", limit, () => _course.Now, _course.Time);

    /// <summary>What `process.hrtime` shows, too: both are the system's monotonic clock.</summary>
    private long MonotonicMicros() => (long)(_course.Time.GetTimestamp() / (_course.Time.TimestampFrequency / 1e6));
}
