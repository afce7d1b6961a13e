using System.Collections.Immutable;
using Mainstay.Cli.Installing;
using Mainstay.Cli.Tests.State;

namespace Mainstay.Cli.Tests.Installing;

public sealed class BootWarningsTests : IDisposable
{
    private const string Plain = "services:\n  web: /bin/true\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Nothing_to_say_is_the_usual_case() => Assert.Empty(Of(Spec(Plain), []));

    [Fact]
    public void Variables_that_are_set_only_here_are_named()
    {
        var file = Path.Combine(_folder.Path, "shop.env");
        File.WriteAllText(file, "# comment\nTOKEN=abc\n");
        var warning = Assert.Single(Of(Spec(Plain) with { EnvironmentFile = file }, ["GREETING", "HOME", "TOKEN", "UNSET"], "GREETING", "HOME", "TOKEN"));
        Assert.Equal($"the manifest reads GREETING from the environment, which is not there at boot; write NAME=value into {file}, one a line (mode 0600)", warning);
    }

    [Fact]
    public void Root_is_never_silent() =>
        Assert.Contains("run as root", Assert.Single(Of(Spec(Plain, account: new("root", 0, "/root")), [])), StringComparison.Ordinal);

    [Fact]
    public void A_program_that_only_this_terminal_finds_is_named_once()
    {
        var spec = Spec("services:\n  web: { command: no-such-program a, deploy: { build: no-such-program b } }\n");
        Assert.Equal("services.web: 'no-such-program' is in none of the folders of PATH, and so it will not be found; write its full path", Assert.Single(Of(spec, [])));
    }

    [Fact]
    public void The_users_own_systemd_has_limits_of_its_own()
    {
        var spec = Spec("edge: { listen: \"http://0.0.0.0:80\" }\n" + Plain, account: new("no-such-user-here", 4321, "/home/x"), forUser: true);
        var warnings = Of(spec, []).ToList();
        Assert.Equal(2, warnings.Count);
        Assert.Contains("below port 1024", warnings[0], StringComparison.Ordinal);
        Assert.Contains("loginctl enable-linger no-such-user-here", warnings[1], StringComparison.Ordinal);
    }

    [Fact]
    public void State_of_another_user_is_noticed()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, ".mainstay"));
        var warning = Assert.Single(Of(CannedUnit.Spec(Plain, _folder.Path, new("other", 4_000_000_000, "/nonexistent")), []));
        Assert.EndsWith($"chown -R other: {_folder.Path}/.mainstay", warning, StringComparison.Ordinal);
    }

    /// <summary>In a folder that no machine has, so that nothing found there is warned about.</summary>
    private static UnitSpec Spec(string manifest, Account? account = null, bool forUser = false) =>
        CannedUnit.Spec(manifest, "/nonexistent/shop", account, forUser: forUser);

    private static IEnumerable<string> Of(UnitSpec spec, ImmutableArray<string> referred, params string[] set) =>
        BootWarnings.Of(spec, referred, name => set.Contains(name) ? "x" : null);
}
