using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Launching;
using Mainstay.Keeper.Tests.Keeping;
using Xunit.MicrosoftTestingPlatform;

namespace Mainstay.Keeper.Tests.Launching;

/// <summary>Runs the tests; or is a process that can be killed: as <c>launch FOLDER COMMAND…</c> a small Mainstay that launches one command, as <c>core …</c> a <see cref="PuppetCore"/>.</summary>
internal static class EntryPoint
{
    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is ["core", var behaviour, var place])
        {
            using var core = new PuppetCore(behaviour, place);
            return core.Run();
        }

        if (arguments is not ["launch", var folder, .. var command])
            return await TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        await using var launcher = new LocalLauncher(Path.Combine(folder, ".mainstay"), TimeProvider.System, _ => { });
        var variables = new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH")! };
        var process = await launcher.LaunchAsync(new LaunchSpec("inner-1", [.. command], folder, variables), new Printed(), CancellationToken.None);
        Console.WriteLine($"guard {launcher.GuardPid}");
        Console.WriteLine($"leader {process.Pid}");
        await process.Exited;
        return 0;
    }

    private sealed class Printed : IOutputSink
    {
        public void Write(in ProcessLine line) => Console.WriteLine(line.Text);
    }
}
