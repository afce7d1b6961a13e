using Mainstay.Prove.Recording;
using Mainstay.Prove.Verdicts;

namespace Mainstay.Prove.Tests.Verdicts;

public sealed class StarvationTests
{
    [Theory]
    [InlineData(0.25, 0.1, 0)]
    [InlineData(0.26, 0, 2)]
    [InlineData(0, 0.11, 2)]
    public void More_than_a_quarter_by_others_or_a_tenth_by_the_hypervisor_starves(double foreign, double steal, int seconds) =>
        Assert.Equal(seconds * Runs.Second, Of(new MachineSecond(5 * Runs.Second, 1, foreign, steal)).Time(0, 60 * Runs.Second));

    [Fact]
    public void Neighbouring_seconds_count_once() => Assert.Equal(
        3 * Runs.Second, Of(new(5 * Runs.Second, 1, 0.5, 0), new(6 * Runs.Second, 1, 0.5, 0)).Time(0, 60 * Runs.Second));

    [Fact]
    public void Only_what_overlaps_counts()
    {
        var starvation = Of(new MachineSecond(5 * Runs.Second, 1, 0.5, 0));
        Assert.Equal(Runs.Second / 2, starvation.Time(0, 5 * Runs.Second + (Runs.Second / 2)));
        Assert.True(starvation.Touches(6 * Runs.Second, 6 * Runs.Second));
        Assert.False(starvation.Touches(7 * Runs.Second, 8 * Runs.Second));
    }

    private static Starvation Of(params MachineSecond[] seconds) => new(Runs.Of() with { Machine = [.. seconds] });
}
