using Mainstay.Contracts.Launching;
using Mainstay.Manifest.Model;
using Mainstay.Supervisor.Launching;

namespace Mainstay.Supervisor.Tests.Launching;

public sealed class ReplicaEnvironmentTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public void The_stronger_layer_wins()
    {
        Dictionary<string, string> Layer(string value, params string[] names) => names.ToDictionary(name => name, _ => value);
        var environment = new ReplicaEnvironment(Layer("inherited", "A", "B", "C", "D", "PORT", "MAINSTAY_SERVICE"), [], new(InheritKind.All, []),
            Layer("file", "B", "C", "D", "PORT"), Layer("written", "D", "PORT"), Layer("dependency", "C", "D")).ForReplica("web", "web-2", 3, 4242);
        Assert.Equal(("inherited", "file", "dependency", "written"), (environment["A"], environment["B"], environment["C"], environment["D"]));
        Assert.Equal(("4242", "http://127.0.0.1:4242"), (environment["PORT"], environment["ASPNETCORE_URLS"]));
        Assert.Equal(("web", "web-2", "3"), (environment["MAINSTAY_SERVICE"], environment["MAINSTAY_REPLICA"], environment["MAINSTAY_RELEASE"]));
    }

    [Fact]
    public void A_worker_gets_no_port_unless_it_was_written()
    {
        var inherited = new Dictionary<string, string> { ["PORT"] = "1", ["ASPNETCORE_URLS"] = "x" };
        ReplicaEnvironment With(Dictionary<string, string> written) => new(inherited, [], new(InheritKind.All, []), Nothing, written, Nothing);
        var worker = With([]).ForReplica("jobs", "jobs-1", 1, port: null);
        Assert.False(worker.ContainsKey("PORT") || worker.ContainsKey("ASPNETCORE_URLS"));
        Assert.Equal("9", With(new() { ["PORT"] = "9" }).ForReplica("jobs", "jobs-1", 1, port: null)["PORT"]);
    }

    [Theory]
    [InlineData(InheritKind.All, "CUSTOM,HOME,LC_ALL,OTHER,PATH")]
    [InlineData(InheritKind.Minimal, "HOME,LC_ALL,PATH")]
    [InlineData(InheritKind.Listed, "CUSTOM,HOME,LC_ALL,PATH")]
    public void Inherits_what_was_asked_for_and_never_what_is_our_own(InheritKind kind, string names)
    {
        var inherited = "PATH HOME LC_ALL CUSTOM OTHER DOTNET_gcServer DOTNET_GCHeapHardLimit OURS".Split(' ').ToDictionary(name => name, _ => "x");
        var environment = new ReplicaEnvironment(inherited, ["DOTNET_gc*", "OURS"], new(kind, ["CUSTOM", "OURS"]), Nothing, Nothing, Nothing).ForStep();
        Assert.Equal(names, string.Join(',', environment.Keys.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Reads_an_env_file()
    {
        var file = EnvironmentFile.Parse("""
            # comment
            PLAIN=a b # comment
            HASH=a#b
            export EXPORTED = yes
            EMPTY=
            SINGLE='a "b" \n $c' # comment
            DOUBLE="a\tb \"q\" \\ \$d \x"
            MANY="one
            two"
            PLAIN=last
            Logging.Level=Debug
            """, ".env");
        Assert.Empty(file.Errors);
        Assert.Equal(
            ["DOUBLE=a\tb \"q\" \\ $d \\x", "EMPTY=", "EXPORTED=yes", "HASH=a#b", "Logging.Level=Debug", "MANY=one\ntwo", "PLAIN=last", "SINGLE=a \"b\" \\n $c"],
            file.Variables.Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Reports_every_error_of_an_env_file_with_its_line()
    {
        var file = EnvironmentFile.Parse("GOOD=1\nnothing\n1BAD=x\n\nOPEN='never\nAFTER=\"x\" y\n", "a/.env");
        Assert.Equal(
            [
                "a/.env:2: 'nothing' has no value: write KEY=VALUE",
                "a/.env:3: '1BAD' is no variable's name: use letters, digits and _, not beginning with a digit",
                "a/.env:5: the quote ' is never closed: close it",
                "a/.env:6: 'y' follows the closing quote: put it inside, or remove it",
            ],
            file.Errors);
        Assert.StartsWith("cannot read env_file /no/such/.env: ", Assert.Throws<LaunchException>(() => EnvironmentFile.Read("/no/such/.env")).Message);
    }
}
