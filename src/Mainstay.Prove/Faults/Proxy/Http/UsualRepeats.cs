namespace Mainstay.Prove.Faults.Proxy.Http;

/// <summary>How often an application asks a dependency the same thing for one request of a client, by itself. Pure; what was never seen is asked once.</summary>
internal sealed class UsualRepeats
{
    /// <summary>Requests that show what is usual for a target; with fewer (a number in its path) it is what is usual for its method.</summary>
    private const int Enough = 20;

    private readonly Dictionary<(string Method, string Target), int> _ofTarget;
    private readonly Dictionary<string, int> _ofMethod;

    /// <param name="seen">How often each was asked, without a fault.</param>
    public UsualRepeats(IReadOnlyCollection<(SeenRequest Request, int Times)> seen)
    {
        _ofMethod = seen.GroupBy(one => one.Request.Method).ToDictionary(group => group.Key, Usual);
        _ofTarget = seen.GroupBy(one => (one.Request.Method, one.Request.Target)).Where(group => group.Count() >= Enough)
            .ToDictionary(group => group.Key, Usual);
        Exceptions = seen.Sum(one => Math.Max(0, one.Times - Of(one.Request))) / Math.Max(1.0, seen.Sum(one => one.Times));
    }

    public static UsualRepeats None { get; } = new([]);

    /// <summary>The ratio of what was asked once more than is usual.</summary>
    public double Exceptions { get; }

    public int Of(SeenRequest request) =>
        _ofTarget.TryGetValue((request.Method, request.Target), out var times) ? times : _ofMethod.GetValueOrDefault(request.Method, 1);

    /// <summary>The most that is no exception: a single one, or one in a hundred.</summary>
    private static int Usual(IEnumerable<(SeenRequest Request, int Times)> alike)
    {
        var times = alike.Select(one => one.Times).OrderDescending().ToList();
        return times[Math.Min(times.Count - 1, Math.Max(1, times.Count / 100))];
    }
}
