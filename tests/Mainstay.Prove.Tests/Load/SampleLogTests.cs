using Mainstay.Prove.Load;
using Mainstay.Prove.Recording;

namespace Mainstay.Prove.Tests.Load;

public sealed class SampleLogTests
{
    [Fact]
    public void Samples_come_back_in_the_order_in_which_they_were_due()
    {
        var log = new SampleLog();
        for (var i = 0; i < 50_000; i++)
            log.Add(Sample(50_000 - i));
        Assert.Equal(Enumerable.Range(1, 50_000).Select(i => (long)i), log.Samples().Select(sample => sample.ScheduledAt));
        Assert.Equal((50_000, 0), (log.Count, log.LeftOut));
    }

    [Fact]
    public void What_is_too_much_is_counted()
    {
        var log = new SampleLog(most: 10);
        for (var i = 0; i < 15; i++)
            log.Add(Sample(i));
        Assert.Equal((10, 5), (log.Count, log.LeftOut));
        Assert.Equal(10, log.Samples().Length);
    }

    [Fact]
    public void Nothing_is_nothing() => Assert.Empty(new SampleLog().Samples());

    private static Sample Sample(long dueAt) => new(0, dueAt, dueAt, dueAt, dueAt + 1, 200, Fate.Answered, -1);
}
