using System.ComponentModel;
using System.Diagnostics;
using Mainstay.Cli.State;

namespace Mainstay.Cli.Installing;

/// <summary>The systemd that a unit is for: the system's, or the user's own.</summary>
/// <param name="ForUser">The user's own.</param>
/// <param name="Folder">Where its units lie.</param>
/// <param name="IsRunning">It runs on this machine now.</param>
internal sealed record Systemd(bool ForUser, string Folder, bool IsRunning)
{
    public static Systemd OfSystem() => new(false, "/etc/systemd/system", Directory.Exists("/run/systemd/system"));

    public static Systemd OfUser(Account user, Func<string, string?> variables)
    {
        var settings = variables("XDG_CONFIG_HOME") is { Length: > 0 } written && Path.IsPathRooted(written) ? written : Path.Combine(user.Home, ".config");
        var running = variables("XDG_RUNTIME_DIR") is { Length: > 0 } runtime && Directory.Exists(Path.Combine(runtime, "systemd"));
        return new(true, Path.Combine(settings, "systemd", "user"), running);
    }

    /// <summary>A file with variables for the unit.</summary>
    public string EnvironmentFile(string application) =>
        Path.Combine(ForUser ? Path.GetFullPath(Path.Combine(Folder, "..", "..")) : "/etc", "mainstay", $"{application}.env");

    public string Command(string arguments) => $"systemctl {(ForUser ? "--user " : "")}{arguments}";

    /// <summary>True if systemctl says yes; for questions.</summary>
    public async Task<bool> SaysAsync(string question, string unit) => (await RunAsync([question, "--quiet", unit])).Exit == 0;

    /// <summary>Throws with what systemctl said, and where to look.</summary>
    public async Task DoAsync(string unit, params string[] arguments)
    {
        var (exit, said) = await RunAsync(arguments);
        if (exit == 0)
            return;
        var reason = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault() ?? $"exit code {exit}";
        throw CommandFailure.Failed($"'{Command(string.Join(' ', arguments))}' failed: {reason.TrimEnd('.')}; see: journalctl {(ForUser ? "--user " : "")}-u {unit} -n 50");
    }

    private async Task<(int Exit, string Said)> RunAsync(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("systemctl", ForUser ? ["--user", .. arguments] : arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            var error = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, error.Length > 0 ? error : await output);
        }
        catch (Win32Exception missing)
        {
            throw CommandFailure.Failed($"cannot run systemctl: {missing.Message}; the unit is written, start it by hand");
        }
    }
}
