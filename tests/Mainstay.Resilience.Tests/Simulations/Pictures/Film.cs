using Mainstay.Resilience.Tests.Fakes;

namespace Mainstay.Resilience.Tests.Simulations.Pictures;

/// <summary>A simulation that has run, in steps of equal length.</summary>
/// <param name="scene">What happened.</param>
/// <param name="until">Its length, in seconds.</param>
/// <param name="step">Of each figure, in seconds.</param>
internal sealed class Film(Scene scene, double until, double step)
{
    public Scene Scene => scene;

    public static Film Of(Scene scene, double until, double step)
    {
        scene.Run(until, step);
        return new(scene, until, step);
    }

    public (double, double)[] Asked => PerSecond(scene.Edge.Asked);

    public (double, double)[] Good => PerSecond(scene.Edge.Good.Select(good => good.At));

    public (double, double)[] Refused => PerSecond(scene.Edge.Refused.Select(refused => refused.At));

    public (double, double)[] Limit => [.. scene.Course.Select((state, look) => ((look + 1) * step, (double)state.Limit))];

    /// <summary>In milliseconds.</summary>
    public (double, double)[] Latency
    {
        get
        {
            var steps = scene.Edge.Good.ToLookup(good => (int)(good.At / step), good => good.Latency);
            return [.. Enumerable.Range(0, (int)(until / step)).Select(at => ((at + 0.5) * step, 1000 * SimulatedEdge.Median(steps[at])))];
        }
    }

    private (double, double)[] PerSecond(IEnumerable<double> moments)
    {
        var counts = new int[(int)(until / step)];
        foreach (var at in moments.Where(at => at < until))
            counts[Math.Min(counts.Length - 1, (int)(at / step))]++;
        return [.. counts.Select((count, at) => ((at + 0.5) * step, count / step))];
    }
}
