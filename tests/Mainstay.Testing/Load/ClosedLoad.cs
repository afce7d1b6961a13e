using System.Diagnostics;

namespace Mainstay.Testing.Load;

/// <summary>Clients that each send the next request when the last one was answered: finds what a server can do.</summary>
public static class ClosedLoad
{
    /// <summary>Good answers per second over <paramref name="duration"/>, after a second of warming up.</summary>
    /// <param name="clients">At once. For a capacity: more than the server has places.</param>
    public static async Task<double> CapacityAsync(int port, string path, int clients, TimeSpan duration)
    {
        var began = Stopwatch.GetTimestamp();
        double Elapsed() => Stopwatch.GetElapsedTime(began).TotalSeconds;
        const double WarmUp = 1;
        var end = WarmUp + duration.TotalSeconds;
        var counts = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Task.Run(async () =>
        {
            var request = new LoadStream("capacity", path, 0).RequestBytes(0, port);
            using var connection = new LoadConnection();
            var good = 0;
            while (true)
            {
                var answer = await connection.ExchangeAsync(port, request, isHead: false);
                if (answer is not { Status: 200, KeepAlive: true })
                    throw new IOException($"{path} answered {answer.Status} while its capacity was measured.");
                var now = Elapsed();
                if (now >= end)
                    return good;
                good += now >= WarmUp ? 1 : 0;
            }
        })));
        return counts.Sum() / duration.TotalSeconds;
    }
}
