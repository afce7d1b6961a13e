namespace Mainstay.Contracts.Launching;

/// <summary>Signal numbers and names. The numbers that differ between Linux and macOS are asked of the platform.</summary>
public static class Signals
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;

    private static readonly Dictionary<string, int> ByName = new(StringComparer.Ordinal)
    {
        ["SIGHUP"] = 1,
        ["SIGINT"] = 2,
        ["SIGQUIT"] = 3,
        ["SIGILL"] = 4,
        ["SIGTRAP"] = 5,
        ["SIGABRT"] = 6,
        ["SIGFPE"] = 8,
        ["SIGKILL"] = 9,
        ["SIGSEGV"] = 11,
        ["SIGPIPE"] = 13,
        ["SIGALRM"] = 14,
        ["SIGTERM"] = 15,
        ["SIGBUS"] = OperatingSystem.IsMacOS() ? 10 : 7,
        ["SIGUSR1"] = OperatingSystem.IsMacOS() ? 30 : 10,
        ["SIGUSR2"] = OperatingSystem.IsMacOS() ? 31 : 12,
        ["SIGWINCH"] = 28,
    };

    private static readonly Dictionary<int, string> ByNumber = ByName.ToDictionary(pair => pair.Value, pair => pair.Key);

    /// <summary>The number of a name such as SIGTERM, or null if it is none that we know.</summary>
    public static int? NumberOf(string name) => ByName.TryGetValue(name, out var number) ? number : null;

    public static string NameOf(int signal) => ByNumber.GetValueOrDefault(signal, $"signal {signal}");
}
