using Mainstay.Prove.Experiments.Running;

namespace Mainstay.Prove.Tests.Experiments.Running;

public sealed class WarmUpTests
{
    private const double Tolerance = 0.0005;

    [Fact]
    public void Three_windows_alike_are_steady() => Assert.True(WarmUp.IsSteady([(0.5, 0.9), (0.010, 0.020), (0.0105, 0.0205), (0.0102, 0.0210)], Tolerance));

    [Fact]
    public void A_median_that_still_falls_is_not() => Assert.False(WarmUp.IsSteady([(0.014, 0.020), (0.012, 0.020), (0.010, 0.020)], Tolerance));

    [Fact]
    public void Very_fast_applications_may_vary_within_half_a_millisecond() =>
        Assert.True(WarmUp.IsSteady([(0.0001, 0.0003), (0.0002, 0.0005), (0.00015, 0.0007)], Tolerance));

    [Fact]
    public void A_second_without_an_answer_is_not_steady() => Assert.False(WarmUp.IsSteady([(0.01, 0.02), null, (0.01, 0.02)], Tolerance));

    [Fact]
    public void Two_windows_are_too_few() => Assert.False(WarmUp.IsSteady([(0.01, 0.02), (0.01, 0.02)], Tolerance));
}
