using Mainstay.Cli.Terminal;

namespace Mainstay.Cli.Tests.Terminal;

public sealed class StyleTests
{
    [Theory]
    [InlineData(false, null, "xterm", true)]
    [InlineData(true, null, "xterm", false)]
    [InlineData(false, "1", "xterm", false)]
    [InlineData(false, "", "xterm", true)]
    [InlineData(false, null, "dumb", false)]
    [InlineData(false, null, null, false)]
    public void Colours_only_on_a_terminal_that_knows_and_wants_them(bool redirected, string? noColor, string? term, bool colour) =>
        Assert.Equal(colour, Style.For(redirected, name => name == "NO_COLOR" ? noColor : name == "TERM" ? term : null).Colour);

    [Fact]
    public void Lines_carry_their_source_padded_to_the_longest()
    {
        var prefix = new Prefix();
        Assert.Equal("web-1 | hello", prefix.Apply(new("web-1", default, "hello", false), new(false)));
        Assert.Equal("worker-1 | hi", prefix.Apply(new("worker-1", default, "hi", false), new(false)));
        Assert.Equal("web-1    | there", prefix.Apply(new("web-1", default, "there", false), new(false)));
    }

    [Fact]
    public void Colours_of_an_application_do_not_run_into_the_next_line()
    {
        Assert.Equal("\e[31mred\e[0m", new Style(true).Foreign("\e[31mred"));
        Assert.Equal("plain", new Style(true).Foreign("plain"));
    }
}
