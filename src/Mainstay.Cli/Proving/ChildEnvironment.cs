using System.Collections;
using System.Collections.Immutable;
using Mainstay.Prove.Experiments.Labs;

namespace Mainstay.Cli.Proving;

/// <summary>The environment of what is started in a laboratory.</summary>
internal static class ChildEnvironment
{
    /// <summary>What this process was told by a service manager is not for the application under test.</summary>
    private static readonly string[] Ours = ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES"];

    public static ImmutableDictionary<string, string> Of(LabFolder folder)
    {
        var ours = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(variable => !Ours.Contains((string)variable.Key))
            .ToImmutableDictionary(variable => (string)variable.Key, variable => (string)variable.Value!, StringComparer.Ordinal);
        return folder.Temporary is { } temporary ? ours.SetItem("TMPDIR", temporary) : ours;
    }
}
