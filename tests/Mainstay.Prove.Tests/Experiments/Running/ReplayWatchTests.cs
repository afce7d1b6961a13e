using Mainstay.Prove.Experiments.Running;

namespace Mainstay.Prove.Tests.Experiments.Running;

public sealed class ReplayWatchTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(7, 0)]
    [InlineData(7, 5)]
    public void Replays_are_those_since_it_was_told_last(int replays, int told) =>
        Assert.Equal(replays - told, ReplayWatch.Reading("db", new(500, 500, 400, replays, 0), told).Replays);

    [Fact]
    public void Without_ids_there_is_no_number_and_it_is_said_what_to_do()
    {
        var (replays, text) = ReplayWatch.Reading("db", new(500, 0, 0, 0, 0), 0);
        Assert.True(double.IsNaN(replays));
        Assert.StartsWith("none of 500 requests to db", text, StringComparison.Ordinal);
        Assert.Contains("X-Request-Id or traceparent", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nothing_that_matters_was_asked_nothing_was_replayed() => Assert.Equal(0, ReplayWatch.Reading("db", new(0, 0, 0, 0, 0), 0).Replays);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(15, double.NaN)]
    [InlineData(16, 16)]
    public void Replays_as_rare_as_before_the_fault_say_nothing(int replays, double told) =>
        Assert.Equal(told, ReplayWatch.Reading("db", new(1400, 1400, 400, replays, 0.01), 0).Replays);
}
