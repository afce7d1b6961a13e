using Mainstay.Cli.Demo;
using Mainstay.Cli.State;

namespace Mainstay.Cli.Tests.Demo;

public sealed class LineTests
{
    private static readonly Installed Everything = new("/usr/sbin/nginx", "/bin/node", "/bin/pm2", "/bin/pm2-runtime");
    private static readonly Installed Nothing = new(null, null, null, null);

    [Fact]
    public void All_that_is_installed_takes_part_and_PM2_needs_the_app_for_Node()
    {
        var line = Line.Of([], Everything);
        Assert.Equal(["mainstay", "nginx", "pm2"], line.Contenders);
        Assert.Empty(line.Missing);
        Assert.True(line.NeedsNode);
    }

    [Fact]
    public void With_nothing_installed_there_is_a_bare_loop_to_compare_with_and_what_is_missing_is_said()
    {
        var line = Line.Of([], Nothing);
        Assert.Equal(["mainstay", "loop"], line.Contenders);
        Assert.Equal("nginx is not installed (Debian: apt-get install nginx)", Assert.Single(line.Missing));
        Assert.False(line.NeedsNode);
    }

    [Fact]
    public void PM2_without_Node_is_missing()
    {
        var line = Line.Of([], Everything with { Node = null });
        Assert.Equal(["mainstay", "nginx"], line.Contenders);
        Assert.Equal("PM2 is not installed (it needs Node: npm install --global pm2)", Assert.Single(line.Missing));
    }

    [Fact]
    public void Who_was_asked_for_must_be_there()
    {
        Assert.Equal(["loop", "mainstay"], Line.Of(["loop", "mainstay"], Nothing).Contenders);
        var missing = Assert.Throws<CommandFailure>(() => Line.Of(["pm2"], Everything with { Nginx = null }));
        Assert.Equal("pm2 cannot take part: nginx is not installed (Debian: apt-get install nginx)", missing.Message);
    }
}
