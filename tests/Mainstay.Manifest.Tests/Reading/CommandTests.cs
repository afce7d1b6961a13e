using System.Text.Json;

namespace Mainstay.Manifest.Tests.Reading;

public sealed class CommandTests
{
    [Theory]
    [InlineData("node server.js", "node|server.js")]
    [InlineData("  node   'a b'  \"c d\" ", "node|a b|c d")]
    [InlineData("a\\ b c\\\\d", "a b|c\\d")]
    [InlineData("x '' \"\"", "x||")]
    [InlineData("x a'b'\"c\"d", "x|abcd")]
    [InlineData("x '$PORT && `y`' '\\'", "x|$PORT && `y`|\\")]
    [InlineData("x \"a\\\"b\\$c\\d\"", "x|a\"b$c\\d")]
    [InlineData("python3 -m http.server --bind 127.0.0.1 {port}", "python3|-m|http.server|--bind|127.0.0.1|{port}")]
    [InlineData("x --a=1 B=2 50% a~b $ \\$X", "x|--a=1|B=2|50%|a~b|$|$X")]
    [InlineData("env A=1 x", "env|A=1|x")]
    public void Words_are_split_as_a_shell_does(string command, string expected)
    {
        var result = TestManifest.Read($"services: {{ web: {JsonSerializer.Serialize(command)} }}");

        Assert.Equal("", TestManifest.Lines(result));
        Assert.Equal(expected.Split('|').Select(word => word), result.Manifest!.Services[0].Command);
    }

    [Fact]
    public void A_list_is_taken_as_it_is()
    {
        var result = TestManifest.Read("services: { web: { command: [sh, -c, \"a && b > $PORT\", 1, true] } }");

        Assert.Empty(result.Findings);
        Assert.Equal(["sh", "-c", "a && b > $PORT", "1", "true"], result.Manifest!.Services[0].Command);
    }

    [Fact]
    public void The_value_of_a_variable_stays_inside_its_word()
    {
        var result = TestManifest.Read("services:\n  web: node ${FILE} x${FILE}\n", ("FILE", "my file; rm -rf $HOME"));

        Assert.Empty(result.Findings);
        Assert.Equal(["node", "my file; rm -rf $HOME", "xmy file; rm -rf $HOME"], result.Manifest!.Services[0].Command);
    }

    [Fact]
    public void A_command_that_is_one_variable_is_split()
    {
        var result = TestManifest.Read("services:\n  web: ${START:-node server.js}\n");

        Assert.Equal(["node", "server.js"], result.Manifest!.Services[0].Command);
    }
}
