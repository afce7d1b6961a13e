using System.Collections.Immutable;
using Mainstay.Contracts.Launching;
using Mainstay.Prove.Faults.Processes;

namespace Mainstay.Prove.Storms.Contenders;

/// <summary>Starts a command again 100 ms after it has ended, as systemd does by default.</summary>
internal sealed class RestartLoop
{
    private const string Script = """cd "$1" || exit 1; pid=$2; shift 2; while :; do "$@" & echo $! >"$pid"; wait $!; sleep 0.1; done""";

    private readonly string _pidFile;

    private RestartLoop(string pidFile) => _pidFile = pidFile;

    /// <summary>What runs in it now; null between two.</summary>
    public ProcessId? Current => PidFile.Read(_pidFile);

    public static async Task<RestartLoop> StartAsync(
        Ground ground, string name, ImmutableArray<string> command, IOutputSink output, IEnumerable<KeyValuePair<string, string>> environment, CancellationToken cancel)
    {
        var pidFile = ground[name + ".pid"];
        await ground.LaunchAsync(name, ["/bin/sh", "-c", Script, "sh", ground.Code, pidFile, .. command], output, cancel, environment);
        return new(pidFile);
    }
}
