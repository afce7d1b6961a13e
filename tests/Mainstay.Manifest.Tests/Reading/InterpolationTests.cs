namespace Mainstay.Manifest.Tests.Reading;

public sealed class InterpolationTests
{
    [Fact]
    public void Values_replace_names_and_defaults_replace_what_is_missing_or_empty()
    {
        var environment = Read("A: \"x${ONE}y\"\n      B: ${NONE:-d}\n      C: ${EMPTY:-e}\n      D: \"${EMPTY}\"\n      E: ${NONE:-}", ("ONE", "1"), ("EMPTY", ""));

        Assert.Equal(["x1y", "d", "e", "", ""], environment.Values);
    }

    [Fact]
    public void A_doubled_dollar_keeps_the_braces()
    {
        var environment = Read("A: $${ONE}\n      B: $ONE\n      C: 5$", ("ONE", "1"));

        Assert.Equal(["${ONE}", "$ONE", "5$"], environment.Values);
    }

    [Theory]
    [InlineData("}, other: { command: evil")]
    [InlineData("a\n  evil: b")]
    [InlineData("*alias")]
    [InlineData("null")]
    [InlineData("${OTHER}")]
    public void A_value_never_changes_the_structure(string value)
    {
        Assert.Equal(value, Read("A: ${ONE}", ("ONE", value))["A"]);
    }

    [Fact]
    public void Numbers_may_come_from_variables_and_all_names_are_listed()
    {
        var result = TestManifest.Read("services:\n  web:\n    command: node x\n    replicas: ${N}\n    memory: ${M:-64MiB}\n# ${NOT_ME}\n", ("N", "3"));

        Assert.Equal(3, result.Manifest!.Services[0].Replicas);
        Assert.Equal(["M", "N"], result.Variables);
    }

    [Fact]
    public void A_secret_value_is_never_shown()
    {
        var result = TestManifest.Read("services: { web: { command: node x, protocol: \"${SECRET}\" } }", ("SECRET", "hunter2"));

        Assert.Equal("mainstay.yaml:1:47: services.web.protocol: `${SECRET}` is not known; write http or h2c", TestManifest.Lines(result));
    }

    private static System.Collections.Immutable.ImmutableSortedDictionary<string, string> Read(string environment, params (string, string)[] variables)
    {
        var result = TestManifest.Read($"services:\n  web:\n    command: node x\n    environment:\n      {environment}\n", variables);
        Assert.Equal("", TestManifest.Lines(result));
        return result.Manifest!.Services[0].Environment;
    }
}
