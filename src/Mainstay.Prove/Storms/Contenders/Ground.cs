using System.Collections.Immutable;
using Mainstay.Contracts.Launching;
using Mainstay.Prove.Experiments.Labs;

namespace Mainstay.Prove.Storms.Contenders;

/// <summary>What each contender gets, for itself alone.</summary>
/// <param name="Folder">For everything that it writes.</param>
/// <param name="App">To be kept running.</param>
/// <param name="Prices">The dependency's url.</param>
/// <param name="Launcher">What it starts ends with this process, whatever happens.</param>
/// <param name="Environment">Of what it starts.</param>
/// <param name="Time">The clock.</param>
internal sealed record Ground(
    string Folder, StormApp App, string Prices, ILauncher Launcher, ImmutableDictionary<string, string> Environment, TimeProvider Time)
{
    public const int Workers = 2;
    private const int LinesRemembered = 15;

    /// <summary>Where the app's code is deployed from.</summary>
    public string Code => this["app"];

    /// <summary>Where workers note the orders that they carry out.</summary>
    public string Orders => this["orders"];

    public string this[string name] => Path.Combine(Folder, name);

    /// <summary>What the app is told in its environment, besides its port.</summary>
    public ImmutableDictionary<string, string> Settings => ImmutableDictionary<string, string>.Empty.Add("ORDERS", Orders).Add("PRICES_URL", Prices);

    /// <summary>The folders, with the good release in place.</summary>
    public void Prepare()
    {
        Directory.CreateDirectory(Code);
        Directory.CreateDirectory(Orders);
        App.Write(Code, good: true);
    }

    public static OutputTail Tail() => new(LinesRemembered);

    public async Task<IProcess> LaunchAsync(
        string name, ImmutableArray<string> command, IOutputSink output, CancellationToken cancel, IEnumerable<KeyValuePair<string, string>>? more = null) =>
        await Launcher.LaunchAsync(new(name, command, Folder, Environment.SetItems(more ?? [])), output, cancel);
}
