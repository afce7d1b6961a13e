using System.Diagnostics;
using Mainstay.Cli.Terminal;

namespace Mainstay.Cli.Tests.Terminal;

public sealed class QueuedTerminalTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly FakeSink _output = new();
    private readonly FakeSink _error = new();
    private readonly QueuedTerminal _terminal;

    public QueuedTerminalTests() => _terminal = new(_output, _error, new(false), new(false));

    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Writes_lines_in_order_each_to_its_stream()
    {
        _terminal.Out("one");
        _terminal.Error("two");
        _terminal.Out("three");
        await _terminal.FlushAsync(Limit, TimeProvider.System);
        Assert.Equal("one\nthree\n", _output.Text);
        Assert.Equal("two\n", _error.Text);
    }

    [Fact]
    public async Task A_stalled_terminal_stalls_nobody_and_is_told_afterwards_how_many_lines_it_missed()
    {
        _output.Stall();
        _terminal.Out("first");
        Assert.True(_output.AwaitStalledWriter());
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < QueuedTerminal.MaxLines + 100; i++)
            _terminal.Out($"line {i}");
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
        _output.Resume();
        await _terminal.FlushAsync(Limit, TimeProvider.System);
        var lines = _output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("first", lines[0]);
        Assert.Equal("… 100 lines were dropped here: the terminal was too slow", lines[^1]);
        Assert.Equal(QueuedTerminal.MaxLines + 2, lines.Length);
    }

    [Fact]
    public async Task Long_lines_are_bounded_by_their_characters()
    {
        _output.Stall();
        _terminal.Out("first");
        Assert.True(_output.AwaitStalledWriter());
        var line = new string('x', 64 << 10);
        for (var i = 0; i < 100; i++)
            _terminal.Out(line);
        _output.Resume();
        await _terminal.FlushAsync(Limit, TimeProvider.System);
        Assert.Equal(QueuedTerminal.MaxCharacters / line.Length, _output.Text.Split('\n').Count(text => text == line));
        Assert.Contains("68 lines were dropped", _output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replica_output_leaves_room_for_our_own_words()
    {
        _output.Stall();
        _terminal.Out("first");
        Assert.True(_output.AwaitStalledWriter());
        for (var i = 0; i < QueuedTerminal.MaxLines * 2; i++)
            _terminal.Chatter("chatter", default);
        _terminal.Out("our own words");
        _output.Resume();
        await _terminal.FlushAsync(Limit, TimeProvider.System);
        Assert.Contains("our own words\n", _output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stalled_terminal_keeps_nobody_from_leaving()
    {
        _output.Stall();
        _terminal.Out("never read");
        var start = Stopwatch.GetTimestamp();
        await _terminal.FlushAsync(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_closed_terminal_swallows_everything()
    {
        _output.Closed = true;
        for (var i = 0; i < 1000; i++)
            _terminal.Out("into the void");
        _terminal.Error("heard");
        await _terminal.FlushAsync(Limit, TimeProvider.System);
        Assert.Equal("heard\n", _error.Text);
    }
}
