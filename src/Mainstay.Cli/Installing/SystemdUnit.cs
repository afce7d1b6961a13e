using System.Globalization;

namespace Mainstay.Cli.Installing;

/// <summary>The unit that runs a manifest under systemd, as text. Knows everything it says from its spec: asks nobody.</summary>
internal static class SystemdUnit
{
    private const string Mark = "# Mainstay unit for ";

    /// <summary><c>mainstay-shop.service</c>; letters that a unit's name must not have become hyphens.</summary>
    public static string NameFor(string application)
    {
        var letters = application.Trim().Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '-' ? letter : '-');
        return $"mainstay-{string.Concat(letters)}.service";
    }

    /// <summary>The manifest that a unit is for, by its first line; null for a unit that is not ours.</summary>
    public static string? ManifestOf(string unit)
    {
        var end = unit.IndexOf('\n');
        return end > Mark.Length && unit.StartsWith(Mark, StringComparison.Ordinal) ? unit[Mark.Length..end] : null;
    }

    public static string Text(UnitSpec spec) => string.Join('\n', [.. Unit(spec), "", .. Service(spec), "", .. Install(spec), ""]);

    private static IEnumerable<string> Unit(UnitSpec spec)
    {
        yield return Mark + spec.Manifest.File;
        yield return $"# Written by 'mainstay install', which writes it anew each time; keep changes with: systemctl {(spec.ForUser ? "--user " : "")}edit {NameFor(spec.Manifest.Name)}";
        yield return "[Unit]";
        yield return $"Description=Mainstay: {UnitSyntax.Line(spec.Manifest.Name)}";
        if (!spec.ForUser)
        {
            yield return "Wants=network-online.target";
            yield return "After=network-online.target";
        }
        yield return "# Tried on for as long as it takes: a port that is in use, or a full disk, may be free again in an hour.";
        yield return "StartLimitIntervalSec=0";
    }

    private static IEnumerable<string> Service(UnitSpec spec)
    {
        var times = UnitTimes.Of(spec.Manifest);
        var file = spec.Manifest.File!;
        yield return "[Service]";
        yield return "# Ready once requests are served. Mainstay itself says so: nothing that it runs may.";
        yield return "Type=notify";
        yield return "NotifyAccess=main";
        yield return $"ExecStart={UnitSyntax.CommandLine([.. spec.Program.Words, "up", file])}";
        yield return $"ExecReload={UnitSyntax.CommandLine([.. spec.Program.Words, "deploy", "--manifest", file])}";
        yield return $"WorkingDirectory={UnitSyntax.Line(spec.Manifest.Directory)}";
        if (!spec.ForUser)
            yield return $"User={UnitSyntax.Line(spec.Account.Name)}";
        yield return $"Environment={UnitSyntax.Assignment("PATH", string.Join(':', spec.SearchPath))}";
        foreach (var (name, value) in spec.Program.Variables)
            yield return $"Environment={UnitSyntax.Assignment(name, value)}";
        yield return "# Variables that the manifest or the services read, one NAME=value a line; may be missing.";
        yield return $"EnvironmentFile=-{UnitSyntax.Line(spec.EnvironmentFile)}";
        yield return "UMask=0077";
        yield return $"LimitNOFILE={Descriptors(spec)}";
        yield return "";
        yield return "Restart=always";
        yield return "RestartSec=2";
        yield return "# A wrong manifest does not become right by itself.";
        yield return "RestartPreventExitStatus=2";
        yield return "# A request of its own must be answered by the edge, or this goes unanswered.";
        yield return $"WatchdogSec={Seconds(UnitTimes.Watchdog)}";
        yield return "# A .NET process survives the usual SIGABRT once, and what hangs has nothing to say: end it, and what it runs goes with it.";
        yield return "WatchdogSignal=SIGKILL";
        yield return "# Without a limit in the manifest, 10 minutes for each build; then all that a deploy may wait for.";
        yield return $"TimeoutStartSec={Seconds(times.Start)}";
        yield return "# The lame duck's time, the longest drain, the longest grace, and a margin.";
        yield return $"TimeoutStopSec={Seconds(times.Stop)}";
        yield return "# The signal goes to Mainstay alone, which drains before it stops what it runs; what is left at the end is killed with it.";
        yield return "KillMode=mixed";
        yield return "KillSignal=SIGTERM";
        yield return "# A replica that the kernel kills for memory is replaced; that is no reason to stop the others.";
        yield return "OOMPolicy=continue";
        yield return "";
        foreach (var line in Hardening.Lines(spec))
            yield return line;
    }

    private static IEnumerable<string> Install(UnitSpec spec) => ["[Install]", $"WantedBy={(spec.ForUser ? "default.target" : "multi-user.target")}"];

    /// <summary>A connection in front and one behind for each client, and as many again for what replicas open: they inherit the limit.</summary>
    private static string Descriptors(UnitSpec spec) =>
        Math.Max(65_536, 4L * spec.Manifest.Edge.Limits.Connections).ToString(CultureInfo.InvariantCulture);

    private static string Seconds(TimeSpan time) => Math.Ceiling(time.TotalSeconds).ToString(CultureInfo.InvariantCulture) + "s";
}
