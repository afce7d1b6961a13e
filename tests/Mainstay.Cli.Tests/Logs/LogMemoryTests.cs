using Mainstay.Cli.Logs;
using Mainstay.Contracts.Control;

namespace Mainstay.Cli.Tests.Logs;

public sealed class LogMemoryTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private readonly LogMemory _memory = new(100_000);

    [Fact]
    public void Forgets_the_oldest_lines_once_its_bytes_are_used_up()
    {
        for (var i = 0; i < 10_000; i++)
            _memory.Write("web", Line("web-1", i));
        var lines = _memory.Read(null, null);
        Assert.InRange(lines.Count, 1500, 2100);
        Assert.Equal("line 9999", lines[^1].Text);
    }

    [Fact]
    public void A_line_larger_than_the_memory_is_still_kept()
    {
        _memory.Write("web", new("web-1", Noon, new string('x', 1 << 20), false));
        Assert.Single(_memory.Read(null, null));
    }

    [Fact]
    public void A_chatty_service_does_not_push_out_a_quiet_one()
    {
        _memory.Write("quiet", Line("quiet-1", 0));
        for (var i = 1; i < 10_000; i++)
            _memory.Write("web", Line("web-1", i));
        Assert.Equal("quiet-1", _memory.Read(null, null)[0].Source);
    }

    [Fact]
    public void Reads_one_service_from_a_moment_on()
    {
        for (var i = 0; i < 10; i++)
        {
            _memory.Write("web", Line("web-1", i));
            _memory.Write("db", Line("db-1", i));
        }
        Assert.Equal(["line 7", "line 8", "line 9"], _memory.Read(["web"], Noon.AddSeconds(7)).Select(line => line.Text));
    }

    [Fact]
    public async Task A_follower_sees_the_past_and_everything_after_it_once()
    {
        var writing = Task.Run(() =>
        {
            for (var i = 0; i < 200; i++)
                _memory.Write("web", Line("web-1", i));
        });
        var (past, follower) = _memory.Follow(null, null);
        await writing;
        using (follower)
        {
            var seen = past.Select(line => line.Text).ToList();
            while (seen.Count < 200)
                seen.Add((await follower.NextAsync(TestContext.Current.CancellationToken)).Line!.Text);
            Assert.Equal(Enumerable.Range(0, 200).Select(i => $"line {i}"), seen);
        }
    }

    [Fact]
    public async Task A_slow_follower_misses_lines_and_is_told_how_many()
    {
        var (_, follower) = _memory.Follow(null, null);
        using (follower)
        {
            for (var i = 0; i < LogFollower.Waiting + 50; i++)
                _memory.Write("web", Line("web-1", i));
            long missed = 0;
            var seen = 0;
            while (missed == 0)
            {
                var (line, lost) = await follower.NextAsync(TestContext.Current.CancellationToken);
                missed = lost;
                seen += line is null ? 0 : 1;
            }
            Assert.Equal(50, missed);
            Assert.InRange(seen, LogFollower.Waiting - 1, LogFollower.Waiting);
        }
    }

    [Fact]
    public async Task A_follower_who_does_not_read_keeps_only_so_many_characters_waiting()
    {
        var (_, follower) = _memory.Follow(null, null);
        using (follower)
        {
            var text = new string('x', 64 << 10);
            for (var i = 0; i < 200; i++)
                _memory.Write("web", Line("web-1", i) with { Text = text });
            long missed = 0;
            var seen = 0;
            while (missed == 0)
            {
                var (line, lost) = await follower.NextAsync(TestContext.Current.CancellationToken);
                missed = lost;
                seen += line is null ? 0 : 1;
            }
            Assert.Equal(LogFollower.WaitingCharacters / text.Length, seen);
            Assert.Equal(200 - seen, missed);
        }
    }

    private static OutputLine Line(string source, int number) => new(source, Noon.AddSeconds(number), $"line {number}", false);
}
