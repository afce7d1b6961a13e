using System.Net;
using Mainstay.Prove.Load.Http1;

namespace Mainstay.Prove.Load;

/// <summary>What would go wrong later is said before the start.</summary>
internal static class LoadPlanCheck
{
    /// <exception cref="ArgumentException">The plan cannot be carried out.</exception>
    /// <exception cref="PlatformNotSupportedException">Not on Linux.</exception>
    public static void Check(LoadPlan plan)
    {
        if (!OperatingSystem.IsLinux())
            throw new PlatformNotSupportedException("load needs Linux (epoll)");
        if (plan.Streams.IsDefaultOrEmpty)
            throw new ArgumentException("a load needs something to send", nameof(plan));
        if (plan.Connections is < 1 or > 60_000)
            throw new ArgumentException($"{plan.Connections} connections: 1 to 60,000 are possible", nameof(plan));
        foreach (var stream in plan.Streams)
            Check(plan, stream);
    }

    private static void Check(LoadPlan plan, StreamSpec stream)
    {
        _ = RequestBytes.Of(stream, plan.Target.Host);
        if (stream.NumberHeader is not null && plan.Http2)
            throw new ArgumentException("requests are numbered with HTTP/1.1 only", nameof(plan));
        if (!(stream.Weight is >= 0 and < double.PositiveInfinity))
            throw new ArgumentException($"a weight of {stream.Weight}: 0 or more is possible", nameof(plan));
        if (stream.Patience <= TimeSpan.Zero || stream.Patience > TimeSpan.FromHours(1))
            throw new ArgumentException($"a patience of {stream.Patience}: up to an hour is possible", nameof(plan));
        if (stream.Source is { } source && (!IPAddress.IsLoopback(source) || source.AddressFamily != plan.Target.Address.AddressFamily))
            throw new ArgumentException($"requests cannot come from {source}: the target is {plan.Target.Address}", nameof(plan));
    }
}
