using Mainstay.Cli.State;

namespace Mainstay.Cli.Tests.State;

public sealed class LastResortTests
{
    [Fact]
    public void What_nobody_caught_is_told_in_one_line_without_its_stack()
    {
        var line = LastResort.Line(new InvalidOperationException("first\nsecond"));
        Assert.Equal("mainstay: this is a fault in Mainstay: InvalidOperationException: first second", line);
    }

    [Fact]
    public void What_is_no_exception_is_told_too() => Assert.Equal("mainstay: this is a fault in Mainstay", LastResort.Line("thrown by other means"));
}
