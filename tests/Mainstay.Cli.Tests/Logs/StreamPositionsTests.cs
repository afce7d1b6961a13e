using Mainstay.Cli.Logs;

namespace Mainstay.Cli.Tests.Logs;

public sealed class StreamPositionsTests
{
    private readonly StreamPositions _positions = new();

    [Fact]
    public void The_furthest_end_counts()
    {
        _positions.Saw(new(3, 20), 1);
        _positions.Saw(new(3, 10), 2);
        Assert.Equal(20, _positions.Last(3)?.End);
    }

    [Fact]
    public void A_line_without_a_position_tells_nothing()
    {
        _positions.Saw(default, 1);
        Assert.Null(_positions.Last(0));
    }

    [Fact]
    public void Of_many_streams_those_that_wrote_last_are_known()
    {
        for (var i = 0; i < 10 * StreamPositions.Most; i++)
        {
            _positions.Saw(new(i, 1), 2 * i);
            _positions.Saw(new(-1, i + 1), (2 * i) + 1);
        }
        Assert.Equal(10 * StreamPositions.Most, _positions.Last(-1)?.End);
        Assert.NotNull(_positions.Last((10 * StreamPositions.Most) - 1));
        Assert.NotNull(_positions.Last((9 * StreamPositions.Most) + 1));
        Assert.Null(_positions.Last(0));
    }
}
