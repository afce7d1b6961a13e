using Mainstay.Contracts.Launching;
using Mainstay.Contracts.Processes;
using Mainstay.Keeper.Launching;

namespace Mainstay.Keeper.Tests.Launching;

/// <summary>A launcher with a folder of its own; everything has a deadline.</summary>
internal sealed class Workshop : IAsyncDisposable
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    public Workshop() => Launcher = new LocalLauncher(State, TimeProvider.System, _ => { });

    public string Folder { get; } = Directory.CreateTempSubdirectory("mainstay-launching-").FullName;

    public string State => Path.Combine(Folder, ".mainstay");

    public string Journal => Path.Combine(State, "processes");

    public LocalLauncher Launcher { get; }

    public RecordedOutput Output { get; } = new();

    public LaunchSpec Spec(params string[] command) => new("web-1", [.. command], Folder,
        new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH")! });

    public Task<IProcess> LaunchAsync(params string[] command) => LaunchAsync(Spec(command));

    public async Task<IProcess> LaunchAsync(LaunchSpec spec) => await Launcher.LaunchAsync(spec, Output, CancellationToken.None);

    public Task<IProcess> ShellAsync(string script) => LaunchAsync("/bin/sh", "-c", script);

    /// <summary>Runs a script to its end.</summary>
    public async Task<ExitStatus> RunAsync(string script) => await (await ShellAsync(script)).Exited.WaitAsync(Deadline);

    /// <summary>The first line of the output.</summary>
    public async Task<string> FirstLineAsync()
    {
        await Until(() => Output.Lines.Length > 0, "a line of output");
        return Output.Texts[0];
    }

    public static bool IsAlive(int pid) => ProcStat.Read("/proc", pid) is { IsEnded: false };

    public static async Task Until(Func<bool> condition, string what, TimeSpan? within = null)
    {
        var limit = within ?? Deadline;
        var started = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < limit, $"waited {limit} for {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Launcher.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
