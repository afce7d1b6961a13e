using Mainstay.Cli.Loading;
using Mainstay.Cli.Terminal;
using Mainstay.Cli.Tests.Terminal;

namespace Mainstay.Cli.Tests.Loading;

public sealed class LoadProgressTests : IDisposable
{
    private readonly FakeSink _sink = new();

    public void Dispose() => _sink.Dispose();

    [Fact]
    public void On_a_terminal_each_second_takes_the_place_of_the_last()
    {
        var progress = new LoadProgress(Terminal(), rewrites: true);
        progress.Show([new(0, 50, 0, 0, 0.0021, 0.02, 1.5)]);
        progress.Show([new(0, 50, 0, 0, 0.0021, 0.02, 1.5), new(1_000_000, 60, 3, 1, 0.0021, 0.02, 1.5)]);
        Assert.Equal(
            "    1 s      50/s  0 failed  p50 2.10 ms  p95 20.0 ms  p99 1,500 ms\n\e[1A\e[2K    2 s      60/s  3 failed  p50 2.10 ms  p95 20.0 ms  p99 1,500 ms\n", _sink.Text);
    }

    [Fact]
    public void Elsewhere_they_follow_one_another()
    {
        var progress = new LoadProgress(Terminal(), rewrites: false);
        progress.Show([new(0, 50, 0, 0, 0, 0, 0), new(1_000_000, 60, 0, 0, 0, 0, 0)]);
        progress.End();
        Assert.Equal(2, _sink.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain('\e', _sink.Text);
    }

    private DirectTerminal Terminal() => new(_sink, _sink, new(colour: false), new(colour: false));
}
