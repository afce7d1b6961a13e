using System.Diagnostics;
using Mainstay.Cli.Tests.State;

namespace Mainstay.Cli.Tests.Script;

/// <summary>The script <c>./mainstay</c>, in a small copy of the house, with a <c>dotnet</c> that only notes what it is asked for.</summary>
public sealed class ScriptTests : IDisposable
{
    private static readonly string[] Tools = ["cat", "cp", "cut", "date", "dirname", "find", "grep", "head", "ln", "mkdir", "mv", "readlink", "rm", "sh", "sleep", "sort", "tr"];

    private const string FakeDotnet =
        """
        #!/bin/sh
        case $1 in
            --version) cat "$FAKE/version" ;;
            --list-sdks) echo "8.0.100 [/sdk]" ;;
            build)
                echo build >>"$FAKE/builds"
                [ -f "$FAKE/slow" ] && sleep 1
                [ -f "$FAKE/broken" ] && { echo "src/One.cs(1,1): error CS1002: ; expected"; echo noise; exit 1; }
                out=$(dirname "$2")/bin/Release/net10.0
                mkdir -p "$out" && echo program >"$out/mainstay.dll"
                ;;
            *) shift; echo "pid $$ ran $*" ;;
        esac
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly string _root;
    private readonly string _fake;

    public ScriptTests()
    {
        _root = Path.Combine(_folder.Path, "house with space");
        _fake = Path.Combine(_folder.Path, "fake");
        Directory.CreateDirectory(Path.Combine(_root, "src", "Mainstay.Cli"));
        Directory.CreateDirectory(_fake);
        File.Copy(FindScript(), Path.Combine(_root, "mainstay"));
        File.WriteAllText(Path.Combine(_root, "global.json"), "{}");
        File.WriteAllText(Path.Combine(_root, "Directory.Build.props"), "<Project/>");
        File.WriteAllText(Path.Combine(_root, "src", "Mainstay.Cli", "One.cs"), "class One;");
        File.WriteAllText(Path.Combine(_fake, "version"), "10.0.100\n");
        File.WriteAllText(Path.Combine(_fake, "dotnet"), FakeDotnet);
        File.SetUnixFileMode(Path.Combine(_fake, "dotnet"), UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Builds_once_and_becomes_the_program()
    {
        var first = await RunAsync("status", "--json", "a b");
        Assert.Equal((0, ""), (first.Exit, first.Error));
        Assert.Equal($"pid {first.Pid} ran status --json a b\n", first.Out);
        await RunAsync("status");
        Assert.Equal(1, Builds);
    }

    [Fact]
    public async Task Costs_little_when_nothing_has_changed()
    {
        await RunAsync();
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await RunAsync();
            var took = Stopwatch.GetElapsedTime(start);
            best = took < best ? took : best;
        }
        Assert.True(best < TimeSpan.FromMilliseconds(500), $"the fastest of five took {best.TotalMilliseconds:0} ms");
    }

    [Fact]
    public async Task Builds_again_when_a_source_changes_appears_or_disappears()
    {
        await RunAsync();
        Touch("src/Mainstay.Cli/One.cs");
        await RunAsync();
        Assert.Equal(2, Builds);
        Touch("Directory.Build.props");
        await RunAsync();
        Assert.Equal(3, Builds);
        Touch("src/Mainstay.Cli/Two.cs");
        await RunAsync();
        Assert.Equal(4, Builds);
        File.Delete(Path.Combine(_root, "src/Mainstay.Cli/Two.cs"));
        await RunAsync();
        Assert.Equal(5, Builds);
        await RunAsync();
        Assert.Equal(5, Builds);
    }

    [Fact]
    public async Task Two_calls_at_once_build_once()
    {
        File.WriteAllText(Path.Combine(_fake, "slow"), "");
        var both = await Task.WhenAll(RunAsync("one"), RunAsync("two"));
        Assert.All(both, outcome => Assert.Equal(0, outcome.Exit));
        Assert.Equal(1, Builds);
    }

    [Fact]
    public async Task A_lock_whose_owner_has_died_is_taken_over()
    {
        var dead = await RunAsync("ends");
        Touch("src/Mainstay.Cli/One.cs");
        var held = Path.Combine(_root, "artifacts/mainstay/lock");
        Directory.CreateDirectory(held);
        File.WriteAllText(Path.Combine(held, "pid"), $"{dead.Pid}\n");
        Assert.Equal(0, (await RunAsync()).Exit);
        Assert.Equal(2, Builds);
    }

    [Fact]
    public async Task A_failed_build_shows_its_errors_and_is_tried_again()
    {
        File.WriteAllText(Path.Combine(_fake, "broken"), "");
        var outcome = await RunAsync("status");
        Assert.Equal((1, ""), (outcome.Exit, outcome.Out));
        Assert.StartsWith("src/One.cs(1,1): error CS1002: ; expected\nmainstay: the build failed", outcome.Error, StringComparison.Ordinal);
        File.Delete(Path.Combine(_fake, "broken"));
        Assert.Equal(0, (await RunAsync("status")).Exit);
    }

    [Fact]
    public async Task A_running_program_keeps_its_files_and_old_builds_go()
    {
        await RunAsync();
        var first = Current();
        File.WriteAllText(Path.Combine(first, $"in-use.{Environment.ProcessId}"), "");
        Touch("src/Mainstay.Cli/One.cs");
        await RunAsync();
        var second = Current();
        Touch("src/Mainstay.Cli/One.cs");
        await RunAsync();
        Assert.True(Directory.Exists(first));
        Assert.False(Directory.Exists(second));
    }

    [Fact]
    public async Task Works_through_a_link_from_anywhere()
    {
        var link = Path.Combine(_folder.Path, "link");
        File.CreateSymbolicLink(link, Path.Combine("house with space", "mainstay"));
        var outcome = await RunFromAsync(link, "/", _fake, "hello");
        Assert.Equal($"pid {outcome.Pid} ran hello\n", outcome.Out);
    }

    [Fact]
    public async Task A_missing_dotnet_is_one_clear_line()
    {
        var outcome = await RunFromAsync(Path.Combine(_root, "mainstay"), _root, Path.Combine(_folder.Path, "nothing"), "status");
        Assert.Equal("mainstay: the .NET 10 SDK is needed and no \"dotnet\" was found: https://dotnet.microsoft.com/download\n", outcome.Error);
        Assert.Equal(1, outcome.Exit);
    }

    [Fact]
    public async Task A_dotnet_that_is_too_old_is_one_clear_line()
    {
        File.WriteAllText(Path.Combine(_fake, "version"), "8.0.100\n");
        var outcome = await RunAsync("status");
        Assert.Equal($"mainstay: the .NET 10 SDK is needed, but {_fake}/dotnet has only: 8.0.100 \n", outcome.Error);
        Assert.Equal(1, outcome.Exit);
    }

    private int Builds => File.ReadAllLines(Path.Combine(_fake, "builds")).Length;

    private string Current() => new DirectoryInfo(Path.Combine(_root, "artifacts/mainstay/current")).ResolveLinkTarget(true)!.FullName;

    private Task<Outcome> RunAsync(params string[] arguments) => RunFromAsync(Path.Combine(_root, "mainstay"), _root, _fake, arguments);

    /// <summary>With the system's own tools, but no dotnet of the system's.</summary>
    private Task<Outcome> RunFromAsync(string script, string directory, string dotnet, params string[] arguments)
    {
        var tools = Path.Combine(_folder.Path, "tools");
        if (!Directory.Exists(tools))
        {
            Directory.CreateDirectory(tools);
            foreach (var name in Tools)
            {
                var tool = File.Exists($"/bin/{name}") ? $"/bin/{name}" : $"/usr/bin/{name}";
                File.CreateSymbolicLink(Path.Combine(tools, name), tool);
            }
        }
        var variables = new Dictionary<string, string?> { ["PATH"] = $"{dotnet}:{tools}", ["FAKE"] = _fake, ["HOME"] = _folder.Path };
        return Running.RunAsync(script, directory, variables, arguments);
    }

    private void Touch(string path) => File.WriteAllText(Path.Combine(_root, path), "class Changed;");

    private static string FindScript()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Mainstay.slnx")))
            folder = folder.Parent!;
        return Path.Combine(folder.FullName, "mainstay");
    }
}
