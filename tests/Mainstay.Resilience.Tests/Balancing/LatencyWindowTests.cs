using FsCheck.Xunit;
using Mainstay.Resilience.Balancing;
using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.Balancing;

[Properties(Replay = Seed.OfProperties)]
public sealed class LatencyWindowTests
{
    [Property]
    public bool A_quantile_of_equal_samples_is_at_most_a_step_too_high(ushort milliseconds, byte count)
    {
        var window = new LatencyWindow();
        var latency = (milliseconds + 1) / 1000.0;
        for (var i = 0; i <= count; i++)
            window.Record(latency, 5);
        var quantile = window.Quantile(0.99, 5, 1);
        return quantile >= latency * 0.9999 && quantile <= Math.Max(latency, 0.0001) * 1.4143;
    }

    [Fact]
    public void Ninety_nine_of_a_hundred_lie_below_the_p99()
    {
        var window = new LatencyWindow();
        for (var i = 0; i < 99; i++)
            window.Record(0.001, 1);
        window.Record(5, 1);
        Assert.InRange(window.Quantile(0.99, 1, 1), 0.001, 0.0015);
        Assert.InRange(window.Quantile(1, 1, 1), 5, 7.1);
    }

    [Fact]
    public void Too_few_samples_say_nothing()
    {
        var window = new LatencyWindow();
        window.Record(1, 1);
        Assert.True(double.IsNaN(window.Quantile(0.5, 1, 2)));
        Assert.True(double.IsNaN(new LatencyWindow().Quantile(0.5, 1, 1)));
    }

    [Fact]
    public void Samples_leave_after_ten_seconds()
    {
        var window = new LatencyWindow();
        window.Record(1, 3);
        Assert.False(double.IsNaN(window.Quantile(0.5, 12.9, 1)));
        Assert.True(double.IsNaN(window.Quantile(0.5, 13, 1)));
    }

    [Fact]
    public void Extremes_fall_into_the_outer_steps()
    {
        var window = new LatencyWindow();
        window.Record(0, 1);
        window.Record(1e9, 1);
        Assert.Equal(0.0001, window.Quantile(0.5, 1, 1));
        Assert.True(window.Quantile(1, 1, 1) > 100);
    }

    [Fact]
    public void What_comes_late_counts_for_its_time_and_not_after_ten_seconds()
    {
        var window = new LatencyWindow();
        window.Record(0.1, 14);
        window.Record(0.1, 5);
        window.Record(0.1, 4);
        Assert.Equal(2, window.CopyTo(new int[LatencyWindow.Counts], 14));
        Assert.Equal(1, window.CopyTo(new int[LatencyWindow.Counts], 15));
    }

    [Fact]
    public void A_second_that_has_begun_since_is_not_yet_counted()
    {
        var window = new LatencyWindow();
        window.Record(0.1, 14);
        window.Record(0.1, 15);
        var counts = new int[LatencyWindow.Counts];
        Assert.Equal(1, window.CopyTo(counts, 14.9));
        Assert.Equal(1, counts.AsSpan(4 * LatencyWindow.Steps, LatencyWindow.Steps).ToArray().Sum());
        Assert.Equal(2, window.CopyTo(counts, 15));
    }
}
