using Mainstay.Cli.Logs;
using Mainstay.Contracts.Control;
using Microsoft.Extensions.Logging;

namespace Mainstay.Cli.Tests.Logs;

/// <summary>What one process remembered and the next one finds.</summary>
public sealed class KeptLogMemoryTests : IDisposable
{
    private const int Bytes = 100_000;
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private readonly KeptFolder _files = new();
    private readonly Said _said = new();

    [Fact]
    public void Lines_are_there_again_with_their_old_times()
    {
        var first = Memory();
        for (var i = 0; i < 10; i++)
        {
            first.Write("web", Line("web-1", i));
            first.Write("db", Line("db-1", i));
        }
        var second = Memory();
        second.Recover(["web", "db"]);
        Assert.Equal(first.Read(null, null), second.Read(null, null));
        Assert.Equal(["line 8", "line 9"], second.Read(["db"], Noon.AddSeconds(8)).Select(line => line.Text));
    }

    [Fact]
    public void A_service_that_was_not_recovered_has_its_old_lines_from_its_first_new_one_on()
    {
        Memory().Write("web", Line("web-1", 0));
        var second = Memory();
        Assert.Empty(second.Read(null, null));
        second.Write("web", Line("web-2", 1));
        Assert.Equal(["web-1", "web-2"], second.Read(null, null).Select(line => line.Source));
    }

    [Fact]
    public async Task A_follower_sees_the_lines_of_before_and_the_new_ones()
    {
        Memory().Write("web", Line("web-1", 0));
        var second = Memory();
        second.Recover(["web"]);
        var (past, follower) = second.Follow(null, null);
        using (follower)
        {
            Assert.Equal("line 0", Assert.Single(past).Text);
            second.Write("web", Line("web-1", 1));
            Assert.Equal("line 1", (await follower.NextAsync(TestContext.Current.CancellationToken)).Line!.Text);
        }
    }

    [Fact]
    public void The_next_process_knows_which_lines_of_a_stream_are_there()
    {
        var first = Memory();
        first.Write("web", Line("web-1", 0), new(11, 7));
        first.Write("web", Line("web-1", 1), new(12, 70));
        first.Write("web", Line("web-1", 2), new(11, 14));
        first.Write("web", Line("web build", 3));
        var second = Memory();
        Assert.Equal(14, second.LastPosition("web", 11)?.End);
        Assert.Equal(70, second.LastPosition("web", 12)?.End);
        Assert.Null(second.LastPosition("web", 13));
        Assert.Null(second.LastPosition("db", 11));
        second.Write("web", Line("web-1", 4), new(11, 21));
        Assert.Equal(21, second.LastPosition("web", 11)?.End);
    }

    [Fact]
    public void Each_service_has_one_file_under_its_key()
    {
        var memory = Memory();
        Parallel.For(0, 8, i => memory.Write("web", Line("web-1", i)));
        memory.Recover(["web"]);
        Assert.Equal(["logs/web"], _files.Opened);
        Assert.Equal("web", LogMemory.ServiceOf("logs/web"));
        Assert.Null(LogMemory.ServiceOf("other/web"));
        Assert.Equal(8, memory.Read(null, null).Count);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void Without_a_file_of_that_size_ordinary_memory_is_used_and_it_is_said_once(bool none, int missing)
    {
        (_files.HasNone, _files.Missing) = (none, missing);
        var memory = Memory();
        memory.Write("web", Line("web-1", 0));
        memory.Write("db", Line("db-1", 1));
        Assert.Equal(2, memory.Read(null, null).Count);
        Assert.Contains("web", Assert.Single(_said.Lines));
    }

    [Fact]
    public void Who_has_the_rings_again_goes_on_behind_what_another_process_wrote_meanwhile()
    {
        var old = Memory();
        for (var i = 0; i < 5; i++)
            old.Write("web", Line("web-1", i), new(11, 7 * (i + 1)));
        var successor = Memory();
        // More than fits: it has been all around the ring.
        for (var i = 5; i < 5000; i++)
            successor.Write("web", Line("web-1", i), new(11, 7 * (i + 1)));

        old.Reread();
        Assert.Equal(7 * 5000, old.LastPosition("web", 11)?.End);
        old.Write("web", Line("web-1", 5000), new(11, 7 * 5001));

        var lines = old.Read(null, null);
        Assert.Equal(Enumerable.Range(5001 - lines.Count, lines.Count).Select(i => $"line {i}"), lines.Select(line => line.Text));
        var next = Memory();
        next.Recover(["web"]);
        Assert.Equal(lines, next.Read(null, null));
    }

    [Fact]
    public void What_another_process_made_of_a_ring_is_taken_for_empty_if_it_is_none_and_plain_memory_stays_as_it_is()
    {
        var old = Memory();
        old.Write("web", Line("web-1", 0));
        using (var file = _files.Open("logs/web", Bytes))
            RandomAccess.Write(file!, "another layout"u8, 0);
        _files.HasNone = true;
        old.Write("db", Line("db-1", 1));

        old.Reread();

        Assert.Equal("line 1", Assert.Single(old.Read(null, null)).Text);
        old.Write("web", Line("web-1", 2));
        Assert.Equal(2, old.Read(null, null).Count);
    }

    [Fact]
    public void Only_services_that_there_are_are_remembered()
    {
        var first = Memory();
        first.Write("web", Line("web-1", 0));
        first.Write("old", Line("old-1", 1));
        first.Write("older", Line("older-1", 2));
        first.Forget("older");
        Assert.Equal(["web-1", "old-1"], first.Read(null, null).Select(line => line.Source));
        _files.Opened.Clear();

        var second = Memory();
        second.Recover(["web"]);
        Assert.Empty(_files.Keys);
        second.Recover(["web", "old", "older"]);

        Assert.Equal("web-1", Assert.Single(second.Read(null, null)).Source);
    }

    [Fact]
    public void A_file_of_something_else_is_taken_for_an_empty_one()
    {
        using (var file = _files.Open("logs/web", Bytes))
            RandomAccess.Write(file!, "#!/bin/sh\n"u8, 0);
        var memory = Memory();
        memory.Recover(["web"]);
        Assert.Empty(memory.Read(null, null));
        memory.Write("web", Line("web-1", 0));
        Assert.Single(memory.Read(null, null));
        Assert.Empty(_said.Lines);
    }

    [Fact]
    public void Writing_a_line_allocates_nothing()
    {
        var memory = Memory();
        var line = Line("web-1", 0);
        memory.Write("web", line, new(1, 1));
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var i = 0; i < 10_000; i++)
                memory.Write("web", line, new(1, i + 1));
        }));
    }

    public void Dispose() => _files.Dispose();

    private LogMemory Memory() => new(Bytes, _files, _said);

    private static OutputLine Line(string source, int number) => new(source, Noon.AddSeconds(number), $"line {number}", false);

    private sealed class Said : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
