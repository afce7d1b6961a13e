using System.Globalization;
using Mainstay.EndToEnd;
using Mainstay.Testing;
using Mainstay.Testing.Processes;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(BuiltMainstay))]

namespace Mainstay.EndToEnd;

/// <summary>Before the first test: other test projects have ended, and <c>./mainstay</c> is built.</summary>
public sealed class BuiltMainstay : IAsyncLifetime
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    public async ValueTask InitializeAsync()
    {
        if (!OperatingSystem.IsLinux())
            throw new InvalidOperationException("The end-to-end tests read /proc: run them on Linux.");
        await OthersEndedAsync();
        using var version = RunningProgram.Start(MainstayRun.Executable, ["--version"], MainstayRun.Root);
        Assert.Equal(0, await version.ExitAsync(TimeSpan.FromMinutes(5)));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>`dotnet test` runs projects side by side; these tests measure time and wait until the others are done.</summary>
    private static async Task OthersEndedAsync()
    {
        var parent = ProcessTree.Find(Environment.ProcessId)!.Parent;
        var lastSeen = TimeProvider.System.GetTimestamp();
        await Eventually.True(
            () =>
            {
                if (ProcessTree.All().Any(entry => entry.Parent == parent && entry.CommandLine.Contains(".Tests.dll", StringComparison.Ordinal)))
                    lastSeen = TimeProvider.System.GetTimestamp();
                return TimeProvider.System.GetElapsedTime(lastSeen) >= Quiet;
            },
            TimeSpan.FromMinutes(15), "the other test projects end");
    }
}

/// <summary>How often a scenario is repeated: a few times in CI, as often as promised with MAINSTAY_FULL=1.</summary>
internal static class Repeat
{
    public static bool Full { get; } = Environment.GetEnvironmentVariable("MAINSTAY_FULL") == "1";

    public static int Times(int ci, int full) =>
        int.TryParse(Environment.GetEnvironmentVariable("MAINSTAY_TIMES"), CultureInfo.InvariantCulture, out var times) ? times : Full ? full : ci;
}
