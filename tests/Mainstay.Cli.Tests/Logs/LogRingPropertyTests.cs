using FsCheck.Xunit;
using Mainstay.Cli.Logs;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Tests.Logs;

[Properties(Replay = "20261126,4711", MaxTest = 200, EndSize = 120)]
public sealed class LogRingPropertyTests
{
    [Property]
    public void It_remembers_what_a_queue_of_that_size_would(ushort capacity, Said[] said)
    {
        var bytes = new RecordedBytes(LogRing.HeaderSize + Capacity(capacity));
        var ring = LogRing.Open(bytes);
        var model = new RingModel(Capacity(capacity));
        for (var i = 0; i < said.Length; i++)
        {
            ring.Add(said[i].Line(i), said[i].Position(i));
            model.Add(said[i].Line(i));
        }
        Assert.Equal(model.Lines, RingModel.Read(ring));
        Assert.Equal(model.Lines, RingModel.Read(LogRing.Open(bytes)));
    }

    [Property(MaxTest = 60)]
    public void Killed_anywhere_it_leaves_the_lines_written_so_far_each_whole(ushort capacity, Said[] said)
    {
        var bytes = new RecordedBytes(LogRing.HeaderSize + Capacity(capacity % 1024));
        var model = new RingModel(Capacity(capacity % 1024));
        // While a line is written, the oldest may be gone already: what is found is what was there before without those, or what is there after.
        IReadOnlyList<OutputLine> before = [], after = [];
        var kills = 0;
        bytes.Killed = left =>
        {
            kills++;
            var successor = LogRing.Open(new RecordedBytes(left));
            var found = RingModel.Read(successor);
            Assert.True(
                found.SequenceEqual(after) || (found.Count <= before.Count && found.SequenceEqual(before.Skip(before.Count - found.Count)) && found.Count >= after.Count - 1),
                "A line is torn, missing or in the wrong place.");
            successor.Add(new("next", DateTimeOffset.MaxValue, "goes on", false), default);
            Assert.Equal("goes on", RingModel.Read(successor)[^1].Text);
        };
        var ring = LogRing.Open(bytes);
        for (var i = 0; i < said.Length; i++)
        {
            model.Add(said[i].Line(i));
            after = [.. model.Lines];
            ring.Add(said[i].Line(i), said[i].Position(i));
            before = after;
        }
        Assert.True(kills > 2 * said.Length);
    }

    [Property]
    public void A_successor_knows_how_far_each_stream_is_remembered(ushort capacity, Said[] said)
    {
        var bytes = new RecordedBytes(LogRing.HeaderSize + Capacity(capacity));
        var ring = LogRing.Open(bytes);
        for (var i = 0; i < said.Length; i++)
            ring.Add(said[i].Line(i), said[i].Position(i));
        var there = RingModel.Read(ring).Select(line => int.Parse(line.Text.Split(' ')[0])).ToHashSet();
        var successor = LogRing.Open(bytes);
        for (var stream = 0; stream < 5; stream++)
        {
            var positions = Enumerable.Range(0, said.Length).Where(i => there.Contains(i)).Select(i => said[i].Position(i)).Where(position => position.IsKnown && position.Stream == stream);
            Assert.Equal(positions.Select(position => (long?)position.End).LastOrDefault(), successor.LastPosition(stream)?.End);
        }
    }

    private static int Capacity(int chance) => 512 + (chance % 8192 & ~7);
}
