using Mainstay.Prove.Verdicts;

namespace Mainstay.Prove.Tests.Verdicts;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0.99999, "99.999 %")]
    [InlineData(0.9999999, "99.999 %")]
    [InlineData(0.9999, "99.99 %")]
    [InlineData(1, "100 %")]
    [InlineData(0, "0 %")]
    [InlineData(0.0001, "0.01 %")]
    [InlineData(0.000012, "0.0012 %")]
    [InlineData(0.125, "12.5 %")]
    public void Ratios_are_not_rounded_up_to_perfection(double ratio, string text) => Assert.Equal(text, Figures.Percent(ratio));

    [Theory]
    [InlineData(0.00082, "0.82 ms")]
    [InlineData(0.0123, "12.3 ms")]
    [InlineData(4.5, "4.5 s")]
    [InlineData(double.PositiveInfinity, "never")]
    public void Durations_have_the_unit_that_fits(double seconds, string text) => Assert.Equal(text, Figures.Seconds(seconds));

    [Fact]
    public void Counts_have_separators() => Assert.Equal("29,956", Figures.Count(29956));
}
