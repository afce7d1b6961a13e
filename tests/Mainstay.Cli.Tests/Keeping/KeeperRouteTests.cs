using Mainstay.Cli.Keeping;

namespace Mainstay.Cli.Tests.Keeping;

public sealed class KeeperRouteTests
{
    [Theory]
    [InlineData("up")]
    [InlineData("up shop/mainstay.yaml")]
    [InlineData("up --build")]
    [InlineData("up --replicas 3 -- node server.js")]
    [InlineData("up -- node --help")]
    [InlineData("up -- node --version -h")]
    [InlineData("up --manifest shop.yaml")]
    [InlineData("--manifest shop.yaml up")]
    [InlineData("--manifest=shop.yaml up")]
    [InlineData("--manifest up up")]
    [InlineData("up status")]
    [InlineData("up --no-such-option")]
    [InlineData("up --manifest")]
    public void Up_is_for_the_keeper(string line) => Assert.True(KeeperRoute.IsUp(line.Split(' ')));

    [Theory]
    [InlineData("")]
    [InlineData("status")]
    [InlineData("status up")]
    [InlineData("deploy up")]
    [InlineData("--manifest up status")]
    [InlineData("--manifest up")]
    [InlineData("-- up")]
    [InlineData("-h up")]
    [InlineData("up -h")]
    [InlineData("up --help")]
    [InlineData("up -?")]
    [InlineData("up --version")]
    [InlineData("--version")]
    [InlineData("up --build --help -- node")]
    [InlineData("UP")]
    [InlineData("[parse] up")]
    [InlineData("@up")]
    [InlineData("-")]
    public void Everything_else_is_not(string line) => Assert.False(KeeperRoute.IsUp(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

    [Fact]
    public void Empty_words_are_words() => Assert.False(KeeperRoute.IsUp(["", "up"]));
}
