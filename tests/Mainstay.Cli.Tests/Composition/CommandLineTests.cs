using Mainstay.Cli.Tests.State;

namespace Mainstay.Cli.Tests.Composition;

/// <summary>The program itself, from the outside.</summary>
public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("stats", "there is no command 'stats'; did you mean 'status'?")]
    [InlineData("nonsense", "there is no command 'nonsense'; see mainstay --help")]
    [InlineData("--nonsense", "there is no option '--nonsense'; see mainstay --help")]
    [InlineData("up --nonsense", "there is no option '--nonsense'; see mainstay up --help")]
    [InlineData("up one two", "Unrecognized command or argument 'two'; see mainstay up --help")]
    [InlineData("up one --manifest two", "give the manifest once: as PATH (one) or as --manifest (two)")]
    [InlineData("up --replicas 2", "--replicas goes with a command after '--'; a manifest says 'replicas' itself")]
    [InlineData("up --replicas x -- ls", "--replicas 'x' is not a number from 1 to 1000")]
    [InlineData("up --replicas 0 -- ls", "--replicas '0' is not a number from 1 to 1000")]
    [InlineData("up --", "there is no command after '--'; for example: mainstay up -- node server.js")]
    [InlineData("up . -- ls", "'up' runs a manifest or the command after '--', not both; leave out '.'")]
    [InlineData("up --build -- ls", "--build goes with a manifest, not with a command after '--'")]
    [InlineData("status -- ls", "'status' takes no command after '--'; only 'up' does")]
    [InlineData("status --json --watch", "--json prints one document; it does not go with --watch")]
    [InlineData("logs --since 5x", "--since '5x' is not a duration such as 30s, 10m or 2h")]
    [InlineData("scale web", "'web' is not SERVICE=N with N from 1 to 1000; for example: mainstay scale web=3")]
    [InlineData("scale web=-1", "'web=-1' is not SERVICE=N with N from 1 to 1000; for example: mainstay scale web=3")]
    [InlineData("rollback", "Required argument 'SERVICE' missing for command: 'rollback'; see mainstay rollback --help")]
    [InlineData("install --user --run-as root", "--run-as goes with the system's systemd; with --user it runs as you")]
    [InlineData("install --uninstall --print", "--uninstall takes no --print and no --run-as")]
    [InlineData("audit", "'audit' is not available yet in this version")]
    [InlineData("demo --length 5s", "--length '5s' is not a duration from 10s to 30m, such as 60s")]
    [InlineData("demo --contenders mainstay,apache", "--contenders: there is no 'apache'; there are: mainstay, nginx, pm2, loop")]
    [InlineData("demo-app", "'demo-app' is the demo's own app; start it with 'mainstay demo'")]
    [InlineData("load", "Required argument 'URL' missing for command: 'load'; see mainstay load --help")]
    [InlineData("load http://example.com/", "load is sent to this machine only, never to others: example.com is not a loopback address")]
    [InlineData("load https://127.0.0.1:1/", "load speaks no TLS: give the http address behind it instead of https://127.0.0.1:1")]
    [InlineData("load http://:", "'http://:' is not a URL such as http://127.0.0.1:8080/path")]
    [InlineData("load 127.0.0.1:1 --rate 0", "--rate '0' is not a number from 0.01 to 1000000")]
    [InlineData("load 127.0.0.1:1 --duration 5", "--duration '5' is not a duration such as 500ms, 30s or 10m, at most 24h")]
    [InlineData("load 127.0.0.1:1 --duration 25h", "--duration '25h' is not a duration such as 500ms, 30s or 10m, at most 24h")]
    [InlineData("load 127.0.0.1:1 --connections 1.5", "--connections '1.5' is not a whole number from 1 to 60000")]
    [InlineData("load 127.0.0.1:1 --header nonsense", "--header 'nonsense' is not NAME: VALUE")]
    [InlineData("load 127.0.0.1:1 --body @nowhere", "--body: there is no file 'nowhere'")]
    [InlineData("load 127.0.0.1:1 --expect 42", "--expect '42' is not a whole number from 100 to 999")]
    public async Task Wrong_usage_is_one_line_and_exit_code_2(string arguments, string message)
    {
        var outcome = await Running.MainstayAsync(_folder.Path, arguments.Split(' '));
        Assert.Equal($"mainstay: {message}\n", outcome.Error);
        Assert.Equal("", outcome.Out);
        Assert.Equal(2, outcome.Exit);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("status --json")]
    [InlineData("stop")]
    [InlineData("deploy @response.file")]
    [InlineData("restart web")]
    [InlineData("logs --follow")]
    public async Task Without_a_running_Mainstay_it_says_so_and_exits_with_1(string arguments)
    {
        var outcome = await Running.MainstayAsync(_folder.Path, arguments.Split(' '));
        Assert.Equal($"mainstay: no Mainstay is running for {_folder.Path}; start it with 'mainstay up'\n", outcome.Error);
        Assert.Equal("", outcome.Out);
        Assert.Equal(1, outcome.Exit);
    }

    [Fact]
    public async Task The_version_is_one_line()
    {
        var outcome = await Running.MainstayAsync(_folder.Path, "--version");
        Assert.Matches(@"^mainstay \d+\.\d+\.\d+\n$", outcome.Out);
        Assert.Equal(0, outcome.Exit);
    }

    [Fact]
    public async Task Help_names_what_there_is_and_nothing_that_is_not_yet()
    {
        var outcome = await Running.MainstayAsync(_folder.Path, "--help");
        Assert.Equal(0, outcome.Exit);
        Assert.All(["up", "init", "check", "schema", "status", "deploy", "rollback", "scale", "restart", "logs", "stop", "install", "load", "prove", "faults", "demo"], name => Assert.Contains($"\n  {name} ", outcome.Out, StringComparison.Ordinal));
        Assert.All(["audit", "publish", "demo-app"], name => Assert.DoesNotContain($"\n  {name} ", outcome.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_arguments_show_the_help_and_are_wrong_usage()
    {
        var outcome = await Running.MainstayAsync(_folder.Path);
        Assert.Contains("mainstay [command]", outcome.Out, StringComparison.Ordinal);
        Assert.Equal(2, outcome.Exit);
    }

    [Fact]
    public async Task Init_writes_a_manifest_that_check_accepts_and_never_overwrites_one()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "package.json"), """{"name":"shop","scripts":{"start":"node server.js"}}""");
        File.WriteAllText(Path.Combine(_folder.Path, "server.js"), "");
        var first = await Running.MainstayAsync(_folder.Path, "init");
        Assert.Equal((0, ""), (first.Exit, first.Error));
        var check = await Running.MainstayAsync(_folder.Path, "check");
        Assert.Equal((0, ""), (check.Exit, check.Error));
        var second = await Running.MainstayAsync(_folder.Path, "init");
        Assert.Equal(1, second.Exit);
        Assert.Contains("exists already", second.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_shows_every_error_and_exits_with_2()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "mainstay.yaml"), "services:\n  web: { command: node server.js, raplicas: 2, port: x }\n");
        var outcome = await Running.MainstayAsync(_folder.Path, "check");
        Assert.Equal(2, outcome.Exit);
        Assert.Equal("", outcome.Out);
        Assert.Equal(2, outcome.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public async Task The_schema_is_one_JSON_document()
    {
        var outcome = await Running.MainstayAsync(_folder.Path, "schema");
        Assert.Equal((0, ""), (outcome.Exit, outcome.Error));
        using var schema = System.Text.Json.JsonDocument.Parse(outcome.Out);
        Assert.True(schema.RootElement.TryGetProperty("$schema", out _));
    }
}
