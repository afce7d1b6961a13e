using Mainstay.Prove.Experiments.Planning;
using Mainstay.Prove.Faults.Kinds;
using Mainstay.Prove.Faults.Proxy;

namespace Mainstay.Prove.Experiments.Own.Deeds;

/// <summary>A fault of the proxy in front of a dependency.</summary>
internal sealed record BreakDependency(string Dependency, Fault Fault) : OwnFault
{
    public override string Does => $"{Dependency}: {Fault.Text}";

    public override string? Refusal(Scope scope) => Deed.DependencyRefusal(scope, Dependency);

    public override async Task<string?> RunAsync(OwnRun run, TimeSpan length, CancellationToken cancel)
    {
        var course = run.Course;
        if (!course.Bench.Proxies.TryGetValue(Dependency, out var proxy))
        {
            course.Trouble($"there is no proxy in front of {Dependency}");
            return null;
        }
        var before = proxy.Count;
        var refused = false;
        try
        {
            run.Add(Dependency, proxy, Fault);
            run.On(Dependency, Does);
            // Who is refused leaves no trace; who has never come by way of the proxy goes past it.
            refused = Fault is Refuse && before.BytesUp > 0 && await proxy.IsRefusingAsync(cancel);
            await course.RestAsync(length, cancel);
        }
        finally
        {
            run.Remove(Dependency, proxy, Fault);
        }
        run.Off(Dependency, $"{Dependency}: no {Fault.Text} any more");
        return refused ? $"connections to {Dependency} were refused" : Met(before, proxy.Count);
    }

    /// <summary>What was counted of this kind of fault.</summary>
    private string? Met(ProxyCount before, ProxyCount after)
    {
        var (count, what) = Fault switch
        {
            Latency or Bandwidth or Slicing => (after.BytesDelayed - before.BytesDelayed, "bytes were delayed"),
            Blackhole => (after.ConnectionsSilenced - before.ConnectionsSilenced, "connections were silenced"),
            Stall => (after.BytesDropped - before.BytesDropped + after.ConnectionsSilenced - before.ConnectionsSilenced, "connections or bytes were lost"),
            SlowClose => (after.ClosesDelayed - before.ClosesDelayed, "closes came later"),
            LimitBytes => (after.Closes - before.Closes, "connections were closed"),
            IRequestFault => (after.RequestsFaulted - before.RequestsFaulted, "requests were met"),
            _ => (after.Resets - before.Resets + after.Refusals - before.Refusals, "connections were reset or refused"),
        };
        return count > 0 ? $"{Dependency}: {count} {what}" : null;
    }
}
