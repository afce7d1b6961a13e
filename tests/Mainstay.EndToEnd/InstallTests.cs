using System.Globalization;
using System.Text.RegularExpressions;
using Mainstay.Testing;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary><c>mainstay install</c>, and what systemd's own tools say about its unit.</summary>
public sealed partial class InstallTests : IDisposable
{
    private const string Manifest = "name: shop\nedge: { listen: \"http://127.0.0.1:{PORT}\" }\nservices:\n  web: { command: /bin/sleep 1000, port: none }\n  api: { command: /bin/sleep 1000 }\nroutes:\n  - { path: /**, service: api }\n";

    private readonly Workspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Theory]
    [InlineData("shop", "8080")]
    [InlineData("my 100% $HOME ${shop} \"é\"", "80")]
    public async Task Systemd_takes_the_unit_and_finds_it_well_locked_up(string folder, string port)
    {
        if (!Tool.Exists("systemd-analyze"))
            Assert.Skip("systemd-analyze is not installed");
        var file = await PrintAsync(folder, port);
        var verify = await RunAsync("systemd-analyze", ["verify", "--man=no", file]);
        Assert.True(verify.ExitCode == 0 && !verify.Text.Contains("mainstay-shop", StringComparison.Ordinal), verify.Text);
        var security = await RunAsync("systemd-analyze", ["security", "--no-pager", "--offline=true", file]);
        var overall = Exposure().Match(security.Text);
        Assert.True(overall.Success, security.Text);
        TestContext.Current.TestOutputHelper?.WriteLine(overall.Value);
        Assert.InRange(double.Parse(overall.Groups[1].Value, CultureInfo.InvariantCulture), 0, 4.9);
    }

    [Fact]
    public async Task For_the_user_it_writes_enables_and_starts_and_undoes_it()
    {
        var environment = WithFakeSystemctl(active: false);
        _workspace.Write("mainstay.yaml", Manifest.Replace("{PORT}", "18080", StringComparison.Ordinal));
        var unit = _workspace["config/systemd/user/mainstay-shop.service"];
        var install = await MainstayAsync(["install", "--user"], environment);
        Assert.True(install.ExitCode == 0, install.Text);
        Assert.Equal([$"wrote {unit}", "started mainstay-shop.service, now and at boot; see: systemctl --user status mainstay-shop.service"], install.Output);
        Assert.StartsWith($"# Mainstay unit for {_workspace["mainstay.yaml"]}\n", await File.ReadAllTextAsync(unit), StringComparison.Ordinal);
        var uninstall = await MainstayAsync(["install", "--user", "--uninstall"], environment);
        Assert.True(uninstall.ExitCode == 0, uninstall.Text);
        Assert.False(File.Exists(unit));
        Assert.Equal(
            [
                "--user daemon-reload", "--user is-active --quiet mainstay-shop.service", "--user enable --now mainstay-shop.service",
                "--user disable --now mainstay-shop.service", "--user daemon-reload",
            ],
            await File.ReadAllLinesAsync(_workspace["asked"]));
    }

    [Fact]
    public async Task A_service_that_runs_is_not_restarted_behind_its_back()
    {
        _workspace.Write("mainstay.yaml", Manifest.Replace("{PORT}", "18080", StringComparison.Ordinal));
        var install = await MainstayAsync(["install", "--user"], WithFakeSystemctl(active: true));
        Assert.Equal("mainstay-shop.service runs already, as it was; to run it as it is now: systemctl --user restart mainstay-shop.service", install.Output[^1]);
        Assert.DoesNotContain(await File.ReadAllLinesAsync(_workspace["asked"]), line => line.Contains("restart", StringComparison.Ordinal) || line.Contains("--now", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Somebody_elses_unit_and_a_wrong_manifest_are_refused()
    {
        var environment = WithFakeSystemctl(active: false);
        _workspace.Write("mainstay.yaml", Manifest.Replace("{PORT}", "18080", StringComparison.Ordinal));
        _workspace.Write("config/systemd/user/mainstay-shop.service", "[Service]\nExecStart=/bin/true\n");
        var install = await MainstayAsync(["install", "--user"], environment);
        Assert.Equal(1, install.ExitCode);
        Assert.Contains("was not written by mainstay", install.Errors[^1], StringComparison.Ordinal);
        _workspace.Write("mainstay.yaml", "services: { web: { comand: x } }\n");
        Assert.Equal(2, (await MainstayAsync(["install", "--user"], environment)).ExitCode);
        Assert.False(File.Exists(_workspace["asked"]));
    }

    private async Task<string> PrintAsync(string folder, string port)
    {
        _workspace.Write($"{folder}/mainstay.yaml", Manifest.Replace("{PORT}", port, StringComparison.Ordinal));
        var print = await MainstayAsync(["install", _workspace[folder], "--print"], new Dictionary<string, string>());
        Assert.True(print.ExitCode == 0, print.Text);
        _workspace.Write("mainstay-shop.service", string.Join('\n', print.Output) + "\n");
        return _workspace["mainstay-shop.service"];
    }

    /// <summary>A systemctl that notes what it is asked for; it comes first in PATH, and the user's systemd seems to run.</summary>
    private Dictionary<string, string> WithFakeSystemctl(bool active)
    {
        _workspace.Write("bin/systemctl", $"#!/bin/sh\necho \"$*\" >>'{_workspace["asked"]}'\ncase $2 in is-active) exit {(active ? 0 : 3)} ;; esac\n");
        File.SetUnixFileMode(_workspace["bin/systemctl"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _workspace.Write("run/systemd/private", "");
        return new()
        {
            ["PATH"] = $"{_workspace["bin"]}:{Environment.GetEnvironmentVariable("PATH")}",
            ["XDG_CONFIG_HOME"] = _workspace["config"],
            ["XDG_RUNTIME_DIR"] = _workspace["run"],
        };
    }

    private Task<CommandResult> MainstayAsync(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment) =>
        RunAsync(MainstayRun.Executable, arguments, environment);

    private async Task<CommandResult> RunAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        using var command = RunningProgram.Start(program, arguments, _workspace.Path, environment);
        var code = await command.ExitAsync(TimeSpan.FromSeconds(60));
        return new(code, [.. command.Output], [.. command.Errors]);
    }

    [GeneratedRegex(@"Overall exposure level for \S+: ([0-9.]+) (\w+)")]
    private static partial Regex Exposure();
}
