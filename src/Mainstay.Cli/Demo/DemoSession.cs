using System.Collections.Immutable;
using System.Text.Json;
using Mainstay.Cli.Commands;
using Mainstay.Cli.Keeping;
using Mainstay.Cli.State;
using Mainstay.Cli.Terminal;
using Mainstay.Prove.Experiments.Labs;
using Mainstay.Prove.Faults.Processes;
using Mainstay.Prove.Storms;

namespace Mainstay.Cli.Demo;

/// <summary><c>mainstay demo</c>, from who is there to the table.</summary>
internal sealed class DemoSession(DemoRequest request, ITerminal terminal, TimeProvider time)
{
    private readonly Storm _storm = Storm.Of(request.Length);
    private readonly DemoText _text = new(request.Json ? terminal.ErrorStyle : terminal.OutStyle);

    /// <summary>The exit code.</summary>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var installed = Installed.Here(Environment.GetEnvironmentVariable("PATH"));
        var line = Line.Of(request.Contenders, installed);
        var app = line.NeedsNode ? StormApp.Node(installed.Node!) : StormApp.Program("Mainstay's own", [.. OwnProgram.Words, SampleAppCommand.Name]);
        foreach (var said in _text.Opening(_storm, line, app, request.InTurn))
            Say(said);
        var results = ImmutableArray<StormResult>.Empty;
        await using (var guard = UndoGuard.Start())
        using (RuntimeFiles.RemovedBy(guard))
        {
            foreach (var round in request.InTurn ? line.Contenders.Select(name => (string[])[name]) : [[.. line.Contenders]])
                results = results.AddRange(await RoundAsync(round, app, installed, guard, cancel));
        }
        if (request.Json)
        {
            terminal.Out(JsonSerializer.Serialize(DemoReport.Of(_storm, app, results), DemoJson.Default.DemoReport));
            return ExitCodes.Done;
        }
        foreach (var said in _text.Closing(_storm, results))
            Say(said);
        return ExitCodes.Done;
    }

    /// <summary>These contenders at the same time.</summary>
    private async Task<ImmutableArray<StormResult>> RoundAsync(string[] names, StormApp app, Installed installed, UndoGuard guard, CancellationToken cancel)
    {
        await using var arenas = new Arenas(names.Select(name =>
            new Arena(name, app, installed, guard, time, line => terminal.Error(terminal.ErrorStyle.Warn(line)))));
        ImmutableArray<StormRun> runs = [.. arenas.All.Select(arena => arena.Run)];
        try
        {
            await Task.WhenAll(runs.Select(run => run.StartAsync(cancel)));
        }
        catch (LabException failed)
        {
            throw CommandFailure.Failed(failed.Message, failed.LastLines);
        }
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var view = new DemoView(_storm, runs, _text, Say, rewrites: !request.Json && !Console.IsOutputRedirected);
        var showing = view.ShowAsync(time, ended.Token);
        try
        {
            return [.. await Task.WhenAll(runs.Select(run => run.RunAsync(_storm, request.Seed, cancel)))];
        }
        finally
        {
            await ended.CancelAsync();
            await showing;
        }
    }

    private void Say(string line)
    {
        if (request.Json)
            terminal.Error(line);
        else
            terminal.Out(line);
    }
}
