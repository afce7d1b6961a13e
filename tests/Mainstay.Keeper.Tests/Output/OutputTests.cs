using System.Text;
using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Output;
using Mainstay.Keeper.Tests.Launching;

namespace Mainstay.Keeper.Tests.Output;

[Collection(Alone.Name)]
public sealed class OutputTests
{
    private readonly RecordedOutput _output = new();

    [Fact]
    public void Cuts_at_line_feeds_wherever_the_pieces_end()
    {
        var lines = Lines();
        foreach (var letter in "one\n\ntwo\r\nthr€e\nrest"u8.ToArray())
            lines.Feed([letter]);
        lines.End();
        lines.End();
        Assert.Equal(["one", "", "two", "thr€e", "rest"], _output.Texts);
    }

    [Fact]
    public void Splits_lines_beyond_64_KiB_between_characters_and_loses_nothing()
    {
        var lines = Lines();
        var text = string.Concat(Enumerable.Repeat("€", 100_000));
        lines.Feed(Encoding.UTF8.GetBytes(text + "\nnext\n"));
        Assert.Equal(text, string.Concat(_output.Texts[..^1]));
        Assert.All(_output.Texts, line => Assert.True(Encoding.UTF8.GetByteCount(line) <= OutputLines.Limit));
        Assert.Equal("next", _output.Texts[^1]);
    }

    [Fact]
    public void A_line_of_exactly_64_KiB_stays_whole()
    {
        var lines = Lines();
        lines.Feed(Encoding.ASCII.GetBytes(new string('x', OutputLines.Limit) + "\n"));
        Assert.Equal(OutputLines.Limit, Assert.Single(_output.Texts).Length);
    }

    [Fact]
    public void Bytes_that_are_no_text_become_replacement_characters()
    {
        var lines = Lines();
        lines.Feed([0x61, 0xFF, 0x62, 0x0A]);
        lines.Feed(new byte[200_000].Select(_ => (byte)0xBF).ToArray());
        lines.End();
        Assert.Equal("a\uFFFDb", _output.Texts[0]);
        Assert.Equal(200_000, string.Concat(_output.Texts[1..]).Length);
    }

    [Fact]
    public async Task A_sink_that_throws_stops_neither_the_replica_nor_its_neighbours()
    {
        await using var workshop = new Workshop();
        var broken = await workshop.Launcher.LaunchAsync(workshop.Spec("/bin/sh", "-c", "echo a; echo b"), new Broken(), CancellationToken.None);
        Assert.True((await broken.Exited.WaitAsync(Workshop.Deadline)).Succeeded);
        await workshop.RunAsync("echo fine");
        Assert.Equal(["fine"], workshop.Output.Texts);
    }

    [Fact]
    public async Task A_flood_of_200_MB_neither_blocks_nor_grows_memory()
    {
        await using var workshop = new Workshop();
        var counted = new Counted();
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var process = await workshop.Launcher.LaunchAsync(
            workshop.Spec("/bin/sh", "-c", "yes 'a line of forty bytes, again and again.' | head -c 200000000"), counted, CancellationToken.None);
        await process.Exited.WaitAsync(TimeSpan.FromSeconds(120));
        Assert.Equal(200_000_000, counted.Bytes);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 16 * 1024 * 1024);
    }

    private LocalLines Lines() => new("web-1", isError: false, _output, TimeProvider.System, _ => { });

    private sealed class Broken : IOutputSink
    {
        public void Write(in ProcessLine line) => throw new InvalidOperationException("broken");
    }

    private sealed class Counted : IOutputSink
    {
        private const string Whole = "a line of forty bytes, again and again.";
        private long _bytes;

        public long Bytes => Interlocked.Read(ref _bytes);

        // The last line is cut without its line feed.
        public void Write(in ProcessLine line) => _bytes += line.Text.Length + (line.Text.Length == Whole.Length ? 1 : 0);
    }
}
