using System.Text.Json;

namespace Mainstay.Testing.Processes;

/// <summary>
/// A real <c>mainstay up</c> in a workspace, on a port of its own. The workspace's <c>mainstay.yaml</c> must listen on <see cref="Port"/>
/// (<c>{PORT}</c> in the text given to <see cref="StartAsync"/> is replaced by it).
/// </summary>
public sealed class MainstayRun : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private MainstayRun(Workspace workspace, int port, RunningProgram program)
    {
        Workspace = workspace;
        Port = port;
        Program = program;
    }

    public Workspace Workspace { get; }

    public int Port { get; }

    public RunningProgram Program { get; }

    /// <summary>The process below <c>up</c> that serves; after its death, or an upgrade, another one.</summary>
    public int CorePid => CoreOf(Program.Pid);

    /// <summary>What both processes of Mainstay really cost, in bytes.</summary>
    public long Memory => ProcessTree.ProportionalMemory(Program.Pid) + ProcessTree.ProportionalMemory(CorePid);

    /// <summary>The script at the repository's root: what a user runs. It becomes Mainstay, so its pid is Mainstay's.</summary>
    public static string Executable { get; } = Path.Combine(RepositoryRoot(AppContext.BaseDirectory), "mainstay");

    public static string Root => Path.GetDirectoryName(Executable)!;

    /// <summary>The same for an <c>up</c> that was started by other means.</summary>
    /// <param name="keeper">The pid of what was started.</param>
    public static int CoreOf(int keeper) => ProcessTree.Below(keeper)
        .Single(entry => entry.Parent == keeper && entry.State != 'Z' && entry.CommandLine.Contains("mainstay.dll", StringComparison.Ordinal)).Pid;

    /// <summary>Starts <c>up</c> without waiting for anything.</summary>
    public static MainstayRun Launch(Workspace workspace, string manifest, int? port = null, params string[] more) => Launch(workspace, manifest, port, null, more);

    /// <summary>The same with further variables.</summary>
    public static MainstayRun LaunchWith(IReadOnlyDictionary<string, string> environment, Workspace workspace, string manifest) =>
        Launch(workspace, manifest, null, environment, []);

    /// <summary>Starts <c>up</c> and waits until every replica of every service is ready.</summary>
    public static async Task<MainstayRun> StartAsync(Workspace workspace, string manifest, int? port = null)
    {
        var run = Launch(workspace, manifest, port);
        try
        {
            await run.ReadyAsync();
            return run;
        }
        catch
        {
            await run.DisposeAsync();
            throw;
        }
    }

    public Task<TimeSpan> ReadyAsync() => Eventually.True(
        async () =>
        {
            if (Program.HasExited)
                throw new InvalidOperationException($"up ended with code {Program.ExitCode}:\n{Program.Tail}");
            // The banner comes when every service has begun: before, status may not list them all.
            return Program.Output.Any(line => line.StartsWith("Mainstay serves", StringComparison.Ordinal))
                && await TryStatusAsync() is { } status && status.GetProperty("edge").GetProperty("ready").GetBoolean()
                && ReplicasIn(status).All(replica => replica.State == "ready");
        },
        Patience, "every replica is ready", () => Program.Tail);

    /// <summary>Runs another command on the same manifest.</summary>
    public Task<CommandResult> CommandAsync(params string[] arguments) => CommandAsync(Workspace, arguments);

    public static async Task<CommandResult> CommandAsync(Workspace workspace, params string[] arguments)
    {
        using var command = RunningProgram.Start(Executable, arguments, workspace.Path);
        var code = await command.ExitAsync(TimeSpan.FromSeconds(180));
        return new(code, [.. command.Output], [.. command.Errors]);
    }

    /// <summary>What the control socket answers to status; null while nobody answers.</summary>
    public async Task<JsonElement?> TryStatusAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10), TimeProvider.System);
        return await ControlSocket.StatusAsync(Workspace[".mainstay"], limit.Token);
    }

    public async Task<JsonElement> StatusAsync() =>
        await TryStatusAsync() ?? throw new InvalidOperationException("The control socket does not answer:\n" + Program.Tail);

    /// <summary>Every replica as status shows it.</summary>
    public async Task<IReadOnlyList<ReplicaView>> ReplicasAsync() => [.. ReplicasIn(await StatusAsync())];

    public async ValueTask DisposeAsync()
    {
        if (!Program.HasExited)
        {
            Program.Signal(Posix.Interrupt);
            try
            {
                await Program.ExitAsync(TimeSpan.FromSeconds(20));
            }
            catch (TimeoutException)
            {
                Program.Signal(Posix.Interrupt);
            }
        }
        Program.Dispose();
    }

    private static MainstayRun Launch(Workspace workspace, string manifest, int? port, IReadOnlyDictionary<string, string>? environment, string[] more)
    {
        var chosen = port ?? Ports.Free();
        workspace.Write("mainstay.yaml", manifest.Replace("{PORT}", $"{chosen}", StringComparison.Ordinal));
        return new(workspace, chosen, RunningProgram.Start(Executable, ["up", workspace.Path, .. more], workspace.Path, environment));
    }

    private static IEnumerable<ReplicaView> ReplicasIn(JsonElement status) =>
        from service in status.GetProperty("services").EnumerateArray()
        from replica in service.GetProperty("replicas").EnumerateArray()
        select new ReplicaView(
            service.GetProperty("name").GetString()!,
            replica.GetProperty("name").GetString()!,
            replica.TryGetProperty("pid", out var pid) && pid.ValueKind == JsonValueKind.Number ? pid.GetInt32() : 0,
            replica.GetProperty("state").GetString()!,
            replica.GetProperty("release").GetInt32(),
            replica.TryGetProperty("reason", out var reason) ? reason.GetString() : null);

    private static string RepositoryRoot(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Mainstay.slnx")))
                return folder.FullName;
        }
        throw new DirectoryNotFoundException($"No Mainstay.slnx above {from}.");
    }
}

/// <summary>A replica in the answer to status. <see cref="Pid"/> is 0 when none runs.</summary>
public sealed record ReplicaView(string Service, string Name, int Pid, string State, int Release, string? Reason);

/// <summary>What a command that ended said.</summary>
public sealed record CommandResult(int ExitCode, IReadOnlyList<string> Output, IReadOnlyList<string> Errors)
{
    public string Text => string.Join('\n', Output.Concat(Errors));
}
