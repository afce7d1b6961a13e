using Mainstay.Prove.Load;
using Mainstay.Prove.Load.Http1;
using Mainstay.Prove.Load.WarmingUp;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Tests.Load;

[Collection(Alone.Name)]
public sealed class LoadLoopTests
{
    [Fact]
    public async Task A_request_on_its_way_allocates_nothing()
    {
        await OwnWarmUp.DoneAsync();
        using var server = RawServer.Answering("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok");
        var sink = new AllocationSink();
        // Within one second, whose end may allocate; on one connection, as a new one is an object.
        var plan = Loads.Plan(server.Port, 2000, 0.8) with { Connections = 1 };
        var loop = new Thread(() => new LoadLoop(new(plan, new RecordingClock(TimeProvider.System), sink), recorder => new Http1Carrier(recorder)).Run());
        loop.Start();
        Assert.True(loop.Join(TimeSpan.FromSeconds(20)));
        Assert.Equal(1600, sink.Count);
        Assert.Equal(0, sink.At1200 - sink.At400);
    }

    private sealed class AllocationSink : ISampleSink
    {
        public int Count { get; private set; }

        public long At400 { get; private set; }

        public long At1200 { get; private set; }

        public void Add(in Sample sample)
        {
            Count++;
            if (Count == 400)
                At400 = GC.GetAllocatedBytesForCurrentThread();
            if (Count == 1200)
                At1200 = GC.GetAllocatedBytesForCurrentThread();
        }

        public void Add(LoadSecond second)
        {
            // Not counted here.
        }
    }
}
