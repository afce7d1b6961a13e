using Mainstay.Cli.Proving;
using Mainstay.Keeper.Launching;
using Mainstay.Prove.Experiments.Labs;
using Mainstay.Prove.Faults.Processes;
using Mainstay.Prove.Storms;
using Mainstay.Prove.Storms.Contenders;

namespace Mainstay.Cli.Demo;

/// <summary>One contender with all that is its own: folder, processes, dependency. Nothing of it is left once it is disposed, or this process has ended.</summary>
internal sealed class Arena : IAsyncDisposable
{
    private readonly LabFolder _folder;
    private readonly StormDependency _dependency;
    private readonly LocalLauncher _launcher;
    private readonly UpHost _host;
    private readonly IContender _contender;

    public Arena(string name, StormApp app, Installed installed, UndoGuard guard, TimeProvider time, Action<string> warn)
    {
        _folder = LabFolder.Create(Path.GetTempPath(), guard, time);
        _dependency = StormDependency.Start();
        _launcher = new(_folder["launched"], time, warn);
        // A .NET process that is killed leaves the socket of its diagnostics behind, where there is no temporary folder of its own in everybody's.
        var environment = ChildEnvironment.Of(_folder).SetItem("DOTNET_EnableDiagnostics", "0");
        _host = new(environment, time, warn);
        var ground = new Ground(_folder.Path, app, _dependency.Url, _launcher, environment, time);
        _contender = name switch
        {
            Line.Mainstay => new MainstayContender(ground, _folder, _host),
            Line.Nginx => new LoopContender(ground, installed.Nginx),
            Line.Pm2 => new Pm2Contender(ground, installed.Nginx!, installed.Pm2Runtime!, installed.Pm2!),
            _ => new LoopContender(ground, program: null),
        };
        Run = new(_contender, ground, _dependency, guard);
    }

    public StormRun Run { get; }

    public async ValueTask DisposeAsync()
    {
        await _contender.DisposeAsync();
        await _host.DisposeAsync();
        await _launcher.DisposeAsync();
        await _dependency.DisposeAsync();
        _folder.Dispose();
    }
}
