using System.Collections;
using Mainstay.Contracts.Launching;
using Mainstay.Keeper.Keeping;
using Mainstay.Keeper.Launching;
using Mainstay.Keeper.Tests.Launching;
using Microsoft.Extensions.Time.Testing;

namespace Mainstay.Keeper.Tests.Keeping;

/// <summary>A keeper in this process, under a clock that a test moves, with puppets as its cores.</summary>
internal sealed class KeptHouse : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mainstay-keeper-").FullName;
    private readonly Keeper.Keeping.Keeper _keeper;

    /// <param name="behaviour">Of the first core, and of those that take its place when it dies.</param>
    public KeptHouse(string behaviour)
    {
        var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(pair => (string)pair.Key, pair => (string?)pair.Value ?? "");
        _keeper = new(PuppetCore.Words(behaviour), [_folder], environment, new Systemd(_ => null), new Voice(Time), Time);
        Exit = Task.Run(_keeper.RunAsync);
    }

    public FakeTimeProvider Time { get; } = new();

    /// <summary>Completes with the exit code.</summary>
    public Task<int> Exit { get; }

    /// <summary>What cores heard, as <c>BEHAVIOUR WHAT</c>.</summary>
    public string[] Heard => [.. Lines.Select(words => $"{words[0]} {words[2]}")];

    /// <summary>Pids of cores, in the order of their start.</summary>
    public int[] Cores => [.. Lines.Where(words => words[2] == "began").Select(words => int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture))];

    private IEnumerable<string[]> Lines => File.Exists(Path.Combine(_folder, "heard"))
        ? File.ReadAllText(Path.Combine(_folder, "heard")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ', 3)).Where(words => words.Length == 3)
        : [];

    public async Task HearAsync(string what)
    {
        try
        {
            await Workshop.Until(() => Heard.Contains(what), what, TimeSpan.FromSeconds(20));
        }
        catch (Exception late)
        {
            throw new TimeoutException($"nobody heard '{what}', but: {string.Join(" | ", Heard)}", late);
        }
    }

    public void Stop(int signal = Signals.Terminate) => _keeper.Stop(signal);

    public void Kill(int core) => new ChildProcess(core, leadsGroup: false).Signal(Signals.Kill);

    /// <summary>Lets time go by a second at a time until it has happened.</summary>
    public Task AdvanceUntilAsync(Func<bool> condition, string what) => Workshop.Until(() =>
    {
        if (condition())
            return true;
        Time.Advance(TimeSpan.FromSeconds(1));
        return false;
    }, what);

    public async Task<int> ExitAsync() => await Exit.WaitAsync(Workshop.Deadline);

    /// <summary>The second signal ends the loop at once, so that nothing of it runs beside what follows.</summary>
    public async ValueTask DisposeAsync()
    {
        _keeper.Stop(Signals.Terminate);
        _keeper.Stop(Signals.Terminate);
        await ExitAsync();
        await _keeper.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
