using System.Collections.Immutable;
using Mainstay.Prove.Experiments;
using Mainstay.Prove.Experiments.Labs;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Proxy;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Tests.Experiments;

/// <summary>Courses without load and with no application, for what asks proxies and writes a record.</summary>
internal static class Courses
{
    public static Course Of(string manifest, params (string Dependency, FaultProxy Proxy)[] proxies)
    {
        var scope = Specs.Scope(manifest);
        var lab = new Laboratory(null!, null!, scope.Manifest, TimeProvider.System);
        var bench = new Workbench(lab, scope, LoadLevel.OfNothing, proxies.ToImmutableDictionary(one => one.Dependency, one => one.Proxy), null!, 7);
        return new(bench, new(new DependencyReset(), proxies.FirstOrDefault().Dependency ?? "", TimeSpan.Zero), new RecordingClock(TimeProvider.System));
    }
}
