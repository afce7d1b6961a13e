using Mainstay.Cli.Showing;

namespace Mainstay.Cli.Tests.Showing;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("250ms", 0.25)]
    [InlineData("1.5s", 1.5)]
    [InlineData("10m", 600.0)]
    [InlineData("2h", 7200.0)]
    [InlineData("1d", 86400.0)]
    [InlineData("", null)]
    [InlineData("10", null)]
    [InlineData("-1s", null)]
    [InlineData("s", null)]
    [InlineData("1w", null)]
    [InlineData("1 s", null)]
    [InlineData("99999999999999999999d", null)]
    public void Reads_durations_and_nothing_else(string text, double? seconds) => Assert.Equal(seconds, Durations.Parse(text)?.TotalSeconds);

    [Theory]
    [InlineData(-3, "0s")]
    [InlineData(59, "59s")]
    [InlineData(119, "119s")]
    [InlineData(120, "2m")]
    [InlineData(7200, "2h")]
    [InlineData(172800, "2d")]
    public void Shows_an_age_in_one_number(double seconds, string text) => Assert.Equal(text, Durations.Age(TimeSpan.FromSeconds(seconds)));
}
