namespace Mainstay.Testing.Load;

/// <summary>How requests are spread over time.</summary>
public enum Arrivals
{
    /// <summary>One every 1/rate seconds.</summary>
    Even,

    /// <summary>Independent of each other, as those of many users are: exponential gaps.</summary>
    Poisson,
}

/// <summary>One kind of request in an <see cref="OpenLoad"/>.</summary>
/// <param name="Name">What the report calls it.</param>
/// <param name="Path">The target, with its query.</param>
/// <param name="PerSecond">Requests per second.</param>
public sealed record LoadStream(string Name, string Path, double PerSecond)
{
    public Arrivals Arrivals { get; init; } = Arrivals.Even;

    public string Method { get; init; } = "GET";

    /// <summary>Further header lines, each ended by CR LF; default none.</summary>
    public string Headers { get; init; } = "";

    /// <summary>A client closes its connection when so much time has passed since its request was due; default 1 s.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The path of request N, instead of <see cref="Path"/>; default null.</summary>
    public Func<int, string>? PathOf { get; init; }

    /// <summary>Requests per second at a moment (seconds since the start), instead of <see cref="PerSecond"/>; default null.</summary>
    public Func<double, double>? Rate { get; init; }

    internal byte[] RequestBytes(int number, int port) => System.Text.Encoding.ASCII.GetBytes(
        $"{Method} {PathOf?.Invoke(number) ?? Path} HTTP/1.1\r\nHost: localhost:{port}\r\n{Headers}\r\n");

    /// <summary>When the request after the one at <paramref name="at"/> is due, in seconds since the start; infinity: not before <paramref name="end"/>.</summary>
    internal double Next(double at, double end, Random chance)
    {
        const double Step = 0.01;
        // Requests that have yet to become due, in the measure of the rate's integral.
        var left = Arrivals == Arrivals.Even ? 1 : -Math.Log(1 - chance.NextDouble());
        for (; at < end; at += Step)
        {
            var rate = Math.Max(0, Rate?.Invoke(at) ?? PerSecond);
            if (rate * Step >= left)
                return at + (left / rate);
            left -= rate * Step;
        }
        return double.PositiveInfinity;
    }
}
