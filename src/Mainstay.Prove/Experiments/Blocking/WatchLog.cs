using System.Collections.Immutable;
using System.Text.Json;

namespace Mainstay.Prove.Experiments.Blocking;

/// <summary>What the watch in one process has written. Times are microseconds of the machine's monotonic clock.</summary>
/// <param name="Replica">Whose process it is.</param>
/// <param name="Seconds">Each second of watching, and the beats until then.</param>
/// <param name="Blocks">Stretches without a beat, each once, as long as it was seen at last.</param>
/// <param name="Troubles">What the watch failed at.</param>
internal sealed record WatchLog(
    string Replica, ImmutableArray<(long At, int Beats)> Seconds, ImmutableArray<BlockedStretch> Blocks, ImmutableArray<string> Troubles)
{
    /// <summary>Lines that are cut short, or mean nothing, are passed over: the process may have ended in the middle of one.</summary>
    public static WatchLog Parse(string replica, IEnumerable<string> lines)
    {
        var seconds = ImmutableArray.CreateBuilder<(long, int)>();
        var blocks = new SortedDictionary<long, BlockedStretch>();
        var troubles = ImmutableArray.CreateBuilder<string>();
        foreach (var line in lines)
        {
            try
            {
                if (JsonSerializer.Deserialize(line, WatchLogJson.Default.WatchLine) is not { } read)
                    continue;
                if (read.Kind == "watches")
                    seconds.Add((read.At, read.Beats));
                else if (read.Kind == "trouble")
                    troubles.Add(read.Text ?? "");
                else if (read.Kind == "block")
                    blocks[read.At] = new(replica, read.At, read.Seconds, read.Ran, StackOf(read));
            }
            catch (JsonException)
            {
                // The next one.
            }
        }
        return new(replica, seconds.ToImmutable(), [.. blocks.Values], troubles.ToImmutable());
    }

    /// <summary>Beats that were seen from one moment to another.</summary>
    public int Beats(long from, long to)
    {
        var within = Seconds.Where(second => second.At >= from && second.At <= to).ToList();
        return within.Count < 2 ? 0 : within[^1].Beats - within[0].Beats;
    }

    private static ImmutableArray<StackFrame> StackOf(WatchLine line) =>
        [.. (line.Stack ?? []).Select(frame => new StackFrame(frame.Function ?? "", frame.Url ?? "", frame.Line))];
}
