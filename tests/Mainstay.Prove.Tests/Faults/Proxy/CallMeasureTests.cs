using Mainstay.Prove.Faults.Proxy;
using Mainstay.Prove.Faults.Proxy.Http;

namespace Mainstay.Prove.Tests.Faults.Proxy;

public sealed class CallMeasureTests
{
    private static readonly ProxyCount Nothing = ProxyCount.Of(new(), new());

    [Fact]
    public void Requests_count_where_there_are_any_and_those_that_failed_too()
    {
        var measure = CallMeasure.Of(Nothing, Counted(connections: 100, requests: 150), 100);
        Assert.Equal(new(IsHttp: true, 1.5), measure);
        Assert.Equal(60, measure!.Calls(Counted(150, 200), Counted(180, 230, faulted: 20, refusals: 10)));
    }

    [Fact]
    public void Connections_count_where_each_call_opens_its_own()
    {
        var measure = CallMeasure.Of(Nothing, Counted(connections: 50), 100);
        Assert.Equal(new(IsHttp: false, 0.5), measure);
        Assert.Equal(80, measure!.Calls(Counted(100), Counted(180, refusals: 40)));
    }

    [Fact]
    public void Connections_that_are_kept_tell_nothing_of_calls() => Assert.Null(CallMeasure.Of(Nothing, Counted(connections: 49), 100));

    private static ProxyCount Counted(int connections, int requests = 0, int faulted = 0, int refusals = 0)
    {
        var (tally, ledger) = (new Tally(), new RequestLedger());
        tally.Add(Prove.Faults.Proxy.Counted.Connections, connections);
        tally.Add(Prove.Faults.Proxy.Counted.RequestsFaulted, faulted);
        tally.Add(Prove.Faults.Proxy.Counted.Refusals, refusals);
        for (var i = 0; i < requests; i++)
            ledger.Add(new("GET", "/", ""));
        return ProxyCount.Of(tally, ledger);
    }
}
