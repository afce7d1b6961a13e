using System.Globalization;
using Mainstay.Testing;
using Mainstay.Testing.Processes;

namespace Mainstay.EndToEnd;

/// <summary>
/// Processes of a program that runs, and ports that they listen on, to be looked for once it has ended. Processes that have got away from it are
/// known by a variable that all of them inherit.
/// </summary>
internal sealed class Leftovers
{
    private const string Listening = "0A";

    private readonly IReadOnlyList<ProcessEntry> _processes;
    private readonly HashSet<int> _ports;
    private readonly string _variable;

    private Leftovers(IReadOnlyList<ProcessEntry> processes, HashSet<int> ports, string variable) => (_processes, _ports, _variable) = (processes, ports, variable);

    public int Processes => _processes.Count;

    public int Ports => _ports.Count;

    /// <param name="pid">The program's.</param>
    /// <param name="variable">NAME=VALUE, which nobody else has.</param>
    public static Leftovers Of(int pid, string variable)
    {
        var processes = ProcessTree.Below(pid);
        var sockets = processes.Select(process => process.Pid).Append(pid).SelectMany(Sockets).ToHashSet();
        return new(processes, [.. Listeners().Where(listener => sockets.Contains(listener.Socket)).Select(listener => listener.Port)], variable);
    }

    /// <summary>Nothing of it is there any more, within a time.</summary>
    public Task GoneAsync(TimeSpan within) => Eventually.True(() => Find().Count == 0, within, "nothing of it is left", () => string.Join('\n', Find()));

    private List<string> Find() =>
    [
        .. ProcessTree.Alive(_processes).Concat(ProcessTree.All().Where(process => process.State != 'Z' && Inherits(process.Pid))).Distinct().Select(process => $"{process}"),
        .. Listeners().Where(listener => _ports.Contains(listener.Port)).Select(listener => $"somebody listens on port {listener.Port}"),
    ];

    private bool Inherits(int pid) => Read(() => File.ReadAllText($"/proc/{pid}/environ").Split('\0').Contains(_variable), false);

    private static IReadOnlyList<string> Sockets(int pid) => Read<IReadOnlyList<string>>(
        () => [.. Directory.GetFiles($"/proc/{pid}/fd").Select(file => new FileInfo(file).LinkTarget).OfType<string>().Where(target => target.StartsWith("socket:", StringComparison.Ordinal))], []);

    /// <summary>Fields of /proc/net/tcp: number, local address and port, remote ones, state; the tenth is the socket's number.</summary>
    private static IEnumerable<(int Port, string Socket)> Listeners() =>
        from line in File.ReadLines("/proc/net/tcp").Skip(1)
        let fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where fields[3] == Listening
        select (int.Parse(fields[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture), $"socket:[{fields[9]}]");

    /// <summary>Processes end while they are read.</summary>
    private static T Read<T>(Func<T> read, T gone)
    {
        try
        {
            return read();
        }
        catch (Exception ended) when (ended is IOException or UnauthorizedAccessException)
        {
            return gone;
        }
    }
}
