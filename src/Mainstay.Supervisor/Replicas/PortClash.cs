namespace Mainstay.Supervisor.Replicas;

/// <summary>Recognises, in a dead replica's last words, that its port was taken.</summary>
internal static class PortClash
{
    private static readonly string[] Words =
        ["EADDRINUSE", "address already in use", "address in use", "port is already in use", "Only one usage of each socket address"];

    public static bool Explains(IReadOnlyList<string> lastLines) =>
        lastLines.Any(line => Words.Any(words => line.Contains(words, StringComparison.OrdinalIgnoreCase)));
}
