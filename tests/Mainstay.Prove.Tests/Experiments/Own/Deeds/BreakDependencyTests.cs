using Mainstay.Prove.Experiments.Own;
using Mainstay.Prove.Experiments.Own.Deeds;
using Mainstay.Prove.Experiments.Running;
using Mainstay.Prove.Faults.Kinds;
using Mainstay.Prove.Faults.Proxy;
using Mainstay.Prove.Tests.Faults.Proxy;
using Client = Mainstay.Prove.Tests.Faults.Proxy.Client;

namespace Mainstay.Prove.Tests.Experiments.Own.Deeds;

public sealed class BreakDependencyTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_refusal_is_met_only_if_somebody_came_by_way_of_the_proxy_before(bool came)
    {
        await using var upstream = Upstream.Http();
        await using var proxy = FaultProxy.Start(FaultProxySpec.To(upstream.Endpoint, 7), TimeProvider.System);
        await using var course = Courses.Of(OwnFiles.Shop, ("payments", proxy));
        using var writes = KeptWrites.None(course);
        if (came)
        {
            using var client = await Client.ConnectAsync(proxy.Endpoint);
            await client.AskAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        }
        var evidence = await new BreakDependency("payments", new Refuse()).RunAsync(new OwnRun(course, writes), TimeSpan.Zero, default);
        Assert.Equal(came ? "connections to payments were refused" : null, evidence);
    }
}
