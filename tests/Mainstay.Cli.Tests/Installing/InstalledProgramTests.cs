using Mainstay.Cli.Installing;

namespace Mainstay.Cli.Tests.Installing;

public sealed class InstalledProgramTests
{
    [Theory]
    [InlineData("/usr/bin/mainstay", "/usr/bin/mainstay")]
    [InlineData("/usr/share/dotnet/dotnet", "/usr/share/dotnet/dotnet /opt/mainstay/mainstay.dll")]
    public void Is_started_as_it_was(string process, string words)
    {
        var program = InstalledProgram.Of(process, "/opt/mainstay/", _ => null);
        Assert.Equal(words, string.Join(' ', program.Words));
        Assert.Empty(program.Variables);
        Assert.Null(program.Writable);
    }

    [Fact]
    public void Behind_the_script_it_is_the_script_which_then_builds_nothing()
    {
        var program = InstalledProgram.Of("/usr/bin/dotnet", "/src/artifacts/mainstay/build.1/", name => name == "MAINSTAY_SCRIPT" ? "/src/mainstay" : null);
        Assert.Equal(["/src/mainstay"], program.Words);
        Assert.Equal([new("MAINSTAY_AS_BUILT", "1")], program.Variables);
        Assert.Equal("/src/artifacts/mainstay", program.Writable);
    }

    [Fact]
    public void A_runtime_in_an_unusual_place_is_found_again() =>
        Assert.Equal([new("DOTNET_ROOT", "/opt/net")], InstalledProgram.Of("/usr/bin/mainstay", "/usr/bin/", name => name == "DOTNET_ROOT" ? "/opt/net" : null).Variables);
}
