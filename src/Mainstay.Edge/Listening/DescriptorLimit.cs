using System.Globalization;

namespace Mainstay.Edge.Listening;

/// <summary>
/// How many connections this process can bear: each client's takes a descriptor, and the request on it one more to an upstream. Whoever accepts
/// until none is left can neither forward, nor log, nor probe.
/// </summary>
internal static class DescriptorLimit
{
    /// <summary>For listeners, probes, logs, pipes of replicas, the control socket, spare ones and the runtime itself.</summary>
    public const int Reserve = 256;

    private const string Line = "Max open files";

    /// <summary>Connections at most; <see cref="int.MaxValue"/> where the limit is not known.</summary>
    public static int Connections() => Connections("/proc/self/limits");

    /// <param name="file">As Linux writes it: name, soft limit, hard limit, unit.</param>
    internal static int Connections(string file)
    {
        try
        {
            foreach (var line in File.ReadLines(file))
            {
                if (!line.StartsWith(Line, StringComparison.Ordinal))
                    continue;
                var soft = line[Line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
                return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out var files) ? (int)Math.Clamp((files - Reserve) / 2, 1, int.MaxValue) : int.MaxValue;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Not Linux, or nothing may be read: then the manifest's limit is all there is.
        }
        return int.MaxValue;
    }
}
