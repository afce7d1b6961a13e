using Mainstay.Prove.Experiments.Labs;

namespace Mainstay.Prove.Storms.Contenders;

/// <summary>
/// Ports for servers that insist on one: below the range from which the system takes those of clients, so that nobody gets one while its server is down.
/// </summary>
internal static class Ports
{
    private const int First = 15_000;
    private const int Count = 2_000;

    private static int _next = Environment.ProcessId * 7 % Count;

    public static int Take()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (Interlocked.Increment(ref _next) % Count);
            if (Laboratory.IsFree(port))
                return port;
        }
        throw new LabException($"no port from {First} to {First + Count - 1} is free");
    }
}
